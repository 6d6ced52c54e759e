// The deliveries that the index of digests does not have yet, in memory.
//
// What a transaction changes here can be taken back as long as the transaction can.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "store/sqlite/digest.hpp"

namespace memorypro::store::sqlite {

struct open_delivery {
    std::int64_t id = 0;     // of its row
    std::int64_t bytes = 0;  // that it counts for while it waits; 0: it is processed
    timestamp received_at = {};
};

class open_deliveries {
public:
    const open_delivery* find(const digest&) const;  // null: none

    void put(const digest&, open_delivery);
    void erase(const digest&);

    std::int64_t waiting_bytes() const { return waiting_bytes_; }
    std::size_t processed() const { return processed_; }

    std::size_t mark() const { return changes_.size(); }
    void undo(std::size_t mark);  // what was changed since
    void keep() { changes_.clear(); }

private:
    struct change {
        digest of;
        std::optional<open_delivery> before;
    };
    void replace(const digest&, std::optional<open_delivery>);

    std::unordered_map<digest, open_delivery, digest_hash> entries_;
    std::vector<change> changes_;
    std::int64_t waiting_bytes_ = 0;
    std::size_t processed_ = 0;
};

}  // namespace memorypro::store::sqlite
