// The store's side of insights in memory, that fails when the test says so.
#pragma once

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <deque>
#include <functional>
#include <list>
#include <set>
#include <string>
#include <vector>

#include "support/fake_clock.hpp"
#include "support/store_stand_in.hpp"

namespace memorypro::store {

class fake_inbox final : public store_stand_in {
public:
    awaitable<result<bool>> accept_delivery(delivery given) override {
        if (accept_fails_with) co_return *accept_fails_with;
        if (hold_accepts) co_await held_back();
        if (!known_deliveries_.insert(given.id).second) co_return false;
        waiting.push_back(std::move(given));
        co_return true;
    }

    awaitable<std::vector<delivery>> waiting_deliveries(std::size_t limit) override {
        asked_for.push_back(limit);
        const auto count = std::min(limit, waiting.size());
        co_return std::vector<delivery>(waiting.begin(),
                                        waiting.begin() + static_cast<std::ptrdiff_t>(count));
    }

    awaitable<result<std::vector<recorded>>> record_insights(std::vector<new_insight> items,
                                                             insight_source source,
                                                             std::vector<std::string> delivery_ids,
                                                             unknown_ids) override {
        ++attempts;
        for (const auto& item : items)
            if (breaks_at && breaks_at(item)) throw std::runtime_error("disk I/O error");
        if (full_for > 0) {
            --full_for;
            co_return error{errc::full, "no space"};
        }
        if (record_fails_with) co_return *std::exchange(record_fails_with, std::nullopt);
        transactions.push_back(items.size());
        std::vector<recorded> done;
        for (auto& item : items)
            done.push_back(record(std::move(item), source));
        for (const auto& id : delivery_ids)
            std::erase_if(waiting, [&id](const auto& d) { return d.id == id; });
        co_return done;
    }

    // Those that are held are not answered until then.
    void release_accepts() {
        hold_accepts = false;
        for (auto& one : held_)
            one.cancel();
    }
    int held() const { return static_cast<int>(held_.size()); }

    std::deque<delivery> waiting;
    bool hold_accepts = false;
    std::vector<new_insight> recorded_items;
    std::vector<std::size_t> transactions;  // how many items each had
    std::vector<std::size_t> asked_for;
    int attempts = 0;
    std::function<bool(const new_insight&)> breaks_at;
    std::optional<error> record_fails_with;  // once
    int full_for = 0;                        // attempts to record that find the disk full
    std::optional<error> accept_fails_with;

private:
    awaitable<> held_back() {
        const auto self = held_.emplace(held_.end(), co_await asio::this_coro::executor,
                                        timer::time_point::max());
        co_await self->async_wait(asio::as_tuple(use_awaitable));
        held_.erase(self);
    }

    recorded record(new_insight item, insight_source source) {
        recorded out;
        out.is_new = known_digests_.insert(item.digest).second;
        if (!out.is_new) return out;
        recorded_items.push_back(item);
        const auto id = static_cast<std::int64_t>(recorded_items.size());
        const auto now = test::at("2025-01-08T12:00:00Z");
        out.insight = {id, item.kind, source, item.payload_json, now};
        if (!item.enabled) return out;
        if (item.kind == insight_kind::lifecycle_recommendation) {
            const bool waits = item.action == lifecycle_action::remove;
            out.recommendation = {
                id,
                item.action_name,
                item.memory_ids,
                item.reason,
                waits ? recommendation_status::pending : recommendation_status::applied,
                source,
                now};
        } else if (item.kind == insight_kind::discovered_action) {
            out.action.emplace();
            out.action->id = id;
            out.action->title = item.title;
            out.action->created_at = out.action->updated_at = now;
        }
        return out;
    }

    std::list<timer> held_;
    std::set<std::string> known_deliveries_;
    std::set<std::array<unsigned char, 32>> known_digests_;
};

}  // namespace memorypro::store
