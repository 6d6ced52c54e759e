// What the emulated cloud has found out, so that who polls gets what was sent: kept on the disk.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "insights/items.hpp"

namespace memorypro::emulator {

class findings {
public:
    static constexpr std::size_t most_kept = 200;  // of each kind, the newest

    // Reads what the file holds, when it is there.
    explicit findings(std::string path);

    // Each once. The last memory_insights replace those before; what is not understood is not kept.
    void add(const std::vector<insights::item>&);

    // The document of memory/insights, with discovered_actions where there are some, with `counted`
    // until other memory_insights were added.
    json::object document(json::object counted) const;

    // Whether an item of this member of the document names the memory.
    bool cites(std::string_view member, std::string_view memory_id) const;

private:
    json::array* list_of(store::insight_kind);

    std::string path_;
    json::object kept_;  // the document without what is counted
};

}  // namespace memorypro::emulator
