#include "http/message.hpp"

#include <boost/url/decode_view.hpp>
#include <boost/url/parse_query.hpp>

#include "base/json.hpp"

namespace memorypro::http {

namespace urls = boost::urls;

std::string media_type(std::string_view content_type) {
    std::string type(content_type.substr(0, content_type.find_first_of("; \t")));
    for (char& c : type)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return type;
}

std::optional<std::string> decode(std::string_view text) {
    const auto view = urls::make_pct_string_view(text);
    if (!view) return std::nullopt;
    return view->decode();
}

result<std::vector<parameter>> parse_query(std::string_view text) {
    const auto query = urls::parse_query(text);
    if (!query) return error{errc::bad_request, "the query string is not percent-encoded"};
    urls::encoding_opts forms;
    forms.space_as_plus = true;
    std::vector<parameter> parameters;
    for (const auto& given : *query) {
        if (given.key.empty() && !given.has_value) continue;  // "?" or "&&"
        parameters.push_back({given.key.decode(forms), given.value.decode(forms)});
        if (!is_utf8(parameters.back().name) || !is_utf8(parameters.back().value))
            return error{errc::bad_request, "the query string is not UTF-8"};
    }
    return parameters;
}

}  // namespace memorypro::http
