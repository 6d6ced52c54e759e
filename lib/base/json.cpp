#include "base/json.hpp"

#include <fmt/format.h>

#include <boost/json/memory_resource.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <new>

namespace memorypro {

bool is_utf8(std::string_view text) {
    boost::system::error_code failure;
    json::parse(json::serialize(json::string(text)), failure);
    return !failure;
}

namespace {

// Path of the first value that a JSON text cannot hold; empty when there is none.
std::string first_unfit(const json::value&, const std::string& path, std::string& why);

std::string join(const std::string& path, std::string_view key) {
    return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

std::string first_unfit_member(const json::object& object, const std::string& path,
                               std::string& why) {
    for (const auto& [key, value] : object) {
        if (!is_utf8(key)) {
            why = "has a member whose name is not UTF-8";
            return path.empty() ? "body" : path;
        }
        if (auto found = first_unfit(value, join(path, key), why); !found.empty()) return found;
    }
    return {};
}

std::string first_unfit(const json::value& value, const std::string& path, std::string& why) {
    if (const auto* text = value.if_string()) {
        if (is_utf8(*text)) return {};
        why = "is not UTF-8";
        return path;
    }
    if (const auto* number = value.if_double()) {
        if (std::isfinite(*number)) return {};
        why = "is a number too large for a double";
        return path;
    }
    if (const auto* object = value.if_object()) return first_unfit_member(*object, path, why);
    if (const auto* array = value.if_array()) {
        for (std::size_t i = 0; i < array->size(); ++i)
            if (auto found = first_unfit((*array)[i], fmt::format("{}[{}]", path, i), why);
                !found.empty())
                return found;
    }
    return {};
}

bool has_infinite_number(const json::value& value) {
    if (const auto* number = value.if_double()) return !std::isfinite(*number);
    if (const auto* object = value.if_object())
        for (const auto& member : *object)
            if (has_infinite_number(member.value())) return true;
    if (const auto* array = value.if_array())
        for (const auto& item : *array)
            if (has_infinite_number(item)) return true;
    return false;
}

// Gives no more than so many bytes at a time.
class bounded_resource final : public json::memory_resource {
public:
    explicit bounded_resource(std::size_t most) : left_(most) {}

private:
    void* do_allocate(std::size_t size, std::size_t alignment) override {
        if (size > left_) throw std::bad_alloc();
        void* given = ::operator new(size, std::align_val_t(alignment));
        left_ -= size;
        return given;
    }

    void do_deallocate(void* given, std::size_t size, std::size_t alignment) override {
        ::operator delete(given, std::align_val_t(alignment));
        left_ += size;
    }

    bool do_is_equal(const json::memory_resource& other) const noexcept override {
        return this == &other;
    }

    std::size_t left_;
};

// Parsed once more, leniently, to name the field.
error explain(std::string_view text, const boost::system::error_code& failure,
              json::parse_options lenient) {
    lenient.allow_invalid_utf8 = true;
    boost::system::error_code still;
    const auto value = json::parse(text, still, {}, lenient);
    if (!still) {
        std::string why;
        if (auto field = first_unfit(value, "", why); !field.empty())
            return invalid_field(std::move(field), std::move(why));
    }
    if (!failure) return invalid_field("body", "has a number too large for a double");
    return {errc::bad_request, "the body is not JSON: " + failure.message()};
}

}  // namespace

result<json::object> parse_object(std::string_view text, std::size_t deepest) {
    boost::system::error_code failure;
    json::parse_options options;
    options.max_depth = deepest;
    // One block for all of a body's values, given back when the object goes.
    auto value = json::parse(
        text, failure, json::make_shared_resource<json::monotonic_resource>(text.size() + 512),
        options);
    if (failure || has_infinite_number(value)) return explain(text, failure, options);
    if (!value.is_object()) return invalid_field("body", "must be a JSON object");
    return std::move(value.get_object());
}

std::optional<json::object> parse_object_within(std::string_view text, std::size_t deepest,
                                                std::size_t most_bytes) {
    json::parse_options options;
    options.max_depth = deepest;
    const auto bounded = json::make_shared_resource<bounded_resource>(most_bytes);
    try {
        json::parser parser(bounded, options);
        parser.reset(
            json::make_shared_resource<json::monotonic_resource>(text.size() + 512, bounded));
        boost::system::error_code failure;
        parser.write(text, failure);
        if (failure) return std::nullopt;
        auto value = parser.release();
        if (!value.is_object() || has_infinite_number(value)) return std::nullopt;
        return std::move(value.get_object());
    } catch (const std::bad_alloc&) {
        return std::nullopt;
    }
}

void append_json(std::string& out, std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    out += '"';
    std::size_t plain = 0;  // start of what needs no escape
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, plain, i - plain);
        plain = i + 1;
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                out += "\\u00";
                out += hex[c >> 4];
                out += hex[c & 15];
        }
    }
    out.append(text, plain);
    out += '"';
}

void append_json(std::string& out, const json::value& value) {
    switch (value.kind()) {
        case json::kind::double_: {
            const auto start = out.size();
            fmt::format_to(std::back_inserter(out), "{}", value.get_double());
            // A double stays one when it is read again.
            if (out.find_first_of(".en", start) == std::string::npos) out += ".0";
            break;
        }
        case json::kind::string:
            append_json(out, std::string_view(value.get_string()));
            break;
        case json::kind::array: {
            char before = '[';
            for (const auto& item : value.get_array()) {
                out += std::exchange(before, ',');
                append_json(out, item);
            }
            if (before == '[') out += '[';
            out += ']';
            break;
        }
        case json::kind::object: {
            char before = '{';
            for (const auto& [key, member] : value.get_object()) {
                out += std::exchange(before, ',');
                append_json(out, std::string_view(key));
                out += ':';
                append_json(out, member);
            }
            if (before == '{') out += '{';
            out += '}';
            break;
        }
        default:
            out += json::serialize(value);
    }
}

std::string to_json(const json::value& value) {
    std::string text;
    append_json(text, value);
    return text;
}

}  // namespace memorypro
