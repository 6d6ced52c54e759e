#include "store/sqlite/occurrences.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "store/sqlite/fts5.hpp"

namespace memorypro::store::sqlite {
namespace {

constexpr int most_phrases = std::numeric_limits<std::uint8_t>::max() + 1;

constexpr int content_column = 0;

// The text's length, then those phrases that occur in it.
class blob_of_match {
public:
    int fill(const Fts5ExtensionApi* api, Fts5Context* context, int phrases) {
        int length = 0;
        int code = api->xColumnSize(context, content_column, &length);
        length_ = static_cast<std::uint32_t>(std::max(length, 0));
        phrases = std::min({phrases, api->xPhraseCount(context), most_phrases});
        for (int i = 0; i < phrases && code == SQLITE_OK; ++i) {
            int count = 0;
            code = count_phrase(api, context, i, count);
            if (count > 0 || api->xPhraseSize(context, i) == 0)
                found_[used_++] = {.term = static_cast<std::uint8_t>(i),
                                   .count = static_cast<std::uint16_t>(std::min(count, 0xffff))};
        }
        return code;
    }

    void give(sqlite3_context* result) {
        std::array<char, sizeof length_ + sizeof found_> bytes;
        const auto occurrences = used_ * sizeof(recall::occurrence);
        std::memcpy(bytes.data(), &length_, sizeof length_);
        std::memcpy(bytes.data() + sizeof length_, found_.data(), occurrences);
        sqlite3_result_blob(result, bytes.data(), static_cast<int>(sizeof length_ + occurrences),
                            SQLITE_TRANSIENT);
    }

private:
    std::uint32_t length_ = 0;
    std::size_t used_ = 0;
    std::array<recall::occurrence, most_phrases> found_;
};

void occurrences(const Fts5ExtensionApi* api, Fts5Context* context, sqlite3_context* result,
                 int arguments, sqlite3_value** values) {
    blob_of_match blob;
    const int phrases = arguments == 1 ? sqlite3_value_int(values[0]) : 0;
    if (const int code = blob.fill(api, context, phrases); code != SQLITE_OK)
        sqlite3_result_error_code(result, code);
    else
        blob.give(result);
}

}  // namespace

void add_occurrences(connection& db) {
    add_fts5_function(db, "occurrences", occurrences);
}

void read_occurrences(std::string_view blob, match_shape& out) {
    std::memcpy(&out.length, blob.data(), sizeof out.length);
    blob.remove_prefix(sizeof out.length);
    out.phrases.resize(blob.size() / sizeof(recall::occurrence));
    if (!blob.empty()) std::memcpy(out.phrases.data(), blob.data(), blob.size());
}

}  // namespace memorypro::store::sqlite
