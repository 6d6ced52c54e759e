// Signed webhook deliveries, each another, at the price of writing a serial number and a signature
// that was made before.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "workload.hpp"

namespace memorypro::bench {

inline constexpr std::string_view webhook_secret = "secret of the benchmark";
inline constexpr std::string_view webhook_path = "/memorypro/webhook";

enum class delivery_kind {
    one_item,  // in turn an evolution update, a recommendation, an action, a snapshot
    snapshot,  // of many patterns
};

class webhook_requests {
public:
    webhook_requests(const vocabulary&, delivery_kind, std::size_t body_bytes);

    // So many of the next ones. Those beyond are signed as they come.
    void sign_ahead(std::size_t count);

    std::string_view next();  // valid until the same prebuilt request is due again

    std::uint64_t issued() const { return issued_; }  // serial numbers are 0 to this

private:
    struct entry {
        std::string bytes;
        std::size_t signature_at = 0;
        std::size_t body_at = 0;
        std::size_t serial_at = 0;
    };
    entry& due(std::uint64_t serial);

    std::vector<entry> entries_;
    std::deque<std::string> signatures_;  // from issued_ on
    std::uint64_t issued_ = 0;
};

// Stands before the serial number in a delivery's item.
inline constexpr std::string_view serial_mark = R"("serial":")";

// The numbers that follow the mark in a text, in its order.
std::vector<std::uint64_t> numbers_after(std::string_view mark, std::string_view text);

}  // namespace memorypro::bench
