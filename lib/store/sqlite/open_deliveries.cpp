#include "store/sqlite/open_deliveries.hpp"

namespace memorypro::store::sqlite {

const open_delivery* open_deliveries::find(const digest& of) const {
    const auto found = entries_.find(of);
    return found == entries_.end() ? nullptr : &found->second;
}

void open_deliveries::put(const digest& of, open_delivery next) {
    const auto* before = find(of);
    changes_.push_back({of, before ? std::optional(*before) : std::nullopt});
    replace(of, next);
}

void open_deliveries::erase(const digest& of) {
    const auto* before = find(of);
    if (!before) return;
    changes_.push_back({of, *before});
    replace(of, {});
}

void open_deliveries::undo(std::size_t mark) {
    while (changes_.size() > mark) {
        replace(changes_.back().of, changes_.back().before);
        changes_.pop_back();
    }
}

void open_deliveries::replace(const digest& of, std::optional<open_delivery> next) {
    const auto found = entries_.find(of);
    if (found != entries_.end()) {
        waiting_bytes_ -= found->second.bytes;
        if (found->second.bytes == 0) --processed_;
        if (!next) entries_.erase(found);
    }
    if (!next) return;
    waiting_bytes_ += next->bytes;
    if (next->bytes == 0) ++processed_;
    if (found != entries_.end())
        found->second = *next;
    else
        entries_.emplace(of, *next);
}

}  // namespace memorypro::store::sqlite
