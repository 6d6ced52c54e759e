// One at a time for each name, in the order of asking; other names do not wait.
//
// Used on the event loop; outlives its turns.
#pragma once

#include <list>
#include <map>
#include <string>
#include <utility>

#include "base/async.hpp"

namespace memorypro {

class turns {
public:
    // Ends where it goes out of scope.
    class turn {
    public:
        turn() = default;
        turn(turns& of, std::string name) : of_(&of), name_(std::move(name)) {}
        turn(turn&& other) noexcept
            : of_(std::exchange(other.of_, nullptr)), name_(std::move(other.name_)) {}
        turn& operator=(turn&&) = delete;
        ~turn() {
            if (of_) of_->pass_on(name_);
        }

    private:
        turns* of_ = nullptr;
        std::string name_;
    };

    // Waits as long as those before: the bound is theirs.
    awaitable<turn> take(std::string name);

private:
    void pass_on(const std::string& name);

    std::map<std::string, std::list<timer>, std::less<>> lines_;  // of the names that are taken
};

}  // namespace memorypro
