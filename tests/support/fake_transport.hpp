// A cloud at the seam: answers as the test says and records what it was asked.
//
//     fake_transport cloud(loop.get_executor());
//     cloud.next({503});                                    // the first exchange
//     cloud.next({201, R"({"memory_id":"mem_1"})"});        // the second
//     cloud.next_hangs();                                   // the third: see below
//     cloud.otherwise([](const cloud::request&) { … });     // all others
//
// An exchange for which there is nothing to say throws, which fails the test. Answers come on
// another turn of the loop, as from a network.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <deque>
#include <functional>
#include <list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cloud/transport.hpp"

namespace memorypro::test {

class fake_transport final : public cloud::transport {
public:
    struct step {
        cloud::outcome what;
        bool hangs = false;
    };
    struct exchanged {
        cloud::request request;
        cloud::deadline deadline;
    };

    explicit fake_transport(executor loop) : executor_(std::move(loop)) {}

    void next(cloud::answer what) { script_.push_back({std::move(what)}); }
    void next(cloud::no_answer why) { script_.push_back({std::move(why)}); }

    // Until release(), which lets `what` come; until its deadline or stop(), after which the
    // request has been sent and the outcome is unknown.
    void next_hangs(cloud::answer what = {200, "{}"}) {
        script_.push_back({std::move(what), true});
    }

    // For every exchange beyond the script.
    void otherwise(std::function<step(const cloud::request&)> respond) {
        respond_ = std::move(respond);
    }
    void otherwise(cloud::outcome what) {
        respond_ = [what = std::move(what)](const cloud::request&) { return step{what}; };
    }

    // Of those that hang, the one that came first.
    void release() {
        if (hanging_.empty()) throw std::logic_error("no exchange hangs");
        auto& first = hanging_.front();
        first.released = true;
        first.until.cancel();
        released_.splice(released_.end(), hanging_, hanging_.begin());
    }
    std::size_t hanging() const { return hanging_.size(); }

    const std::vector<exchanged>& exchanges() const { return exchanges_; }
    const cloud::request& request(std::size_t i) const { return exchanges_.at(i).request; }
    bool stopped() const { return stopped_; }

    // Its deadline is not looked at unless it hangs.
    awaitable<cloud::outcome> exchange(cloud::request asked, cloud::deadline until) override {
        exchanges_.push_back({asked, until});
        if (stopped_) co_return cloud::no_answer{cloud::no_answer::reason::stopped};
        auto now = next_step(asked);
        co_await asio::post(executor_, use_awaitable);
        if (stopped_) co_return stopped_after_sending();
        if (now.hangs) co_return co_await hang(std::move(now.what), until);
        co_return std::move(now.what);
    }

    void stop() override {
        stopped_ = true;
        for (auto& exchange : hanging_)
            exchange.until.cancel();
    }

private:
    struct hanging_exchange {
        timer until;
        bool released = false;
    };

    step next_step(const cloud::request& asked) {
        if (script_.empty()) {
            if (respond_) return respond_(asked);
            throw std::logic_error("nothing is scripted for " + std::string(asked.method) + ' ' +
                                   asked.target);
        }
        auto first = std::move(script_.front());
        script_.pop_front();
        return first;
    }

    static cloud::no_answer stopped_after_sending() {
        return {cloud::no_answer::reason::stopped, "stopped", true};
    }

    awaitable<cloud::outcome> hang(cloud::outcome what, cloud::deadline until) {
        const auto self =
            hanging_.insert(hanging_.end(), hanging_exchange{timer(executor_, until)});
        const auto [ended] = co_await self->until.async_wait(asio::as_tuple(use_awaitable));
        const bool released = self->released;
        (released ? released_ : hanging_).erase(self);
        if (released) co_return what;
        if (stopped_) co_return stopped_after_sending();
        if (ended) throw boost::system::system_error(ended);  // cancelled
        co_return cloud::no_answer{cloud::no_answer::reason::deadline, "no answer in time", true};
    }

    executor executor_;
    std::deque<step> script_;
    std::function<step(const cloud::request&)> respond_;
    std::vector<exchanged> exchanges_;
    std::list<hanging_exchange> hanging_;
    std::list<hanging_exchange> released_;
    bool stopped_ = false;
};

// The value of a header that was sent; empty: it was not.
inline std::string header(const cloud::request& sent, std::string_view name) {
    for (const auto& [field, value] : sent.headers)
        if (field == name) return value;
    return {};
}

}  // namespace memorypro::test
