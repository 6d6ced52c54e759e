#include "store/sqlite/id_list.hpp"

#include <boost/json/parse.hpp>

#include "base/json.hpp"

namespace memorypro::store::sqlite {

std::string write_ids(const std::vector<std::string>& ids) {
    std::string out = "[";
    for (const auto& id : ids) {
        if (out.size() > 1) out += ',';
        append_json(out, std::string_view(id));
    }
    return out += ']';
}

std::vector<std::string> read_ids(const std::string& text) {
    const auto list = json::parse(text);
    std::vector<std::string> ids;
    for (const auto& id : list.as_array())
        ids.emplace_back(id.as_string());
    return ids;
}

}  // namespace memorypro::store::sqlite
