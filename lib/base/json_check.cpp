#include "base/json_check.hpp"

#include <boost/json/array.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/string.hpp>
#include <cmath>

namespace memorypro {
namespace {

// Takes every value and keeps none.
struct nothing_kept {
    using code = boost::system::error_code;
    using text = json::string_view;
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();

    static bool on_document_begin(code&) { return true; }
    static bool on_document_end(code&) { return true; }
    static bool on_object_begin(code&) { return true; }
    static bool on_object_end(std::size_t, code&) { return true; }
    static bool on_array_begin(code&) { return true; }
    static bool on_array_end(std::size_t, code&) { return true; }
    static bool on_key_part(text, std::size_t, code&) { return true; }
    static bool on_key(text, std::size_t, code&) { return true; }
    static bool on_string_part(text, std::size_t, code&) { return true; }
    static bool on_string(text, std::size_t, code&) { return true; }
    static bool on_number_part(text, code&) { return true; }
    static bool on_int64(std::int64_t, text, code&) { return true; }
    static bool on_uint64(std::uint64_t, text, code&) { return true; }
    static bool on_double(double number, text, code& failure) {
        if (!std::isfinite(number)) failure = json::error::exponent_overflow;
        return !failure;
    }
    static bool on_bool(bool, code&) { return true; }
    static bool on_null(code&) { return true; }
    static bool on_comment_part(text, code&) { return true; }
    static bool on_comment(text, code&) { return true; }
};

}  // namespace

bool is_object(std::string_view text, std::size_t deepest) {
    json::parse_options options;
    options.max_depth = deepest;
    json::basic_parser<nothing_kept> parser(options);
    boost::system::error_code failure;
    const auto taken = parser.write_some(false, text.data(), text.size(), failure);
    const auto first = text.find_first_not_of(" \t\r\n");
    return !failure && taken == text.size() && text[first] == '{';
}

}  // namespace memorypro
