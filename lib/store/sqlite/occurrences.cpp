#include "store/sqlite/occurrences.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "store/sqlite/fts5.hpp"

namespace memorypro::store::sqlite {
namespace {

constexpr int most_phrases = std::numeric_limits<std::uint8_t>::max() + 1;

constexpr int text = 0;  // the column

// The text's length, then those phrases that occur in it.
class blob_of_match {
public:
    int fill(const Fts5ExtensionApi* api, Fts5Context* context) {
        const int phrases = std::min(api->xPhraseCount(context), most_phrases);
        int length = 0;
        int instances = 0;
        int code = api->xColumnSize(context, text, &length);
        if (code == SQLITE_OK) code = api->xInstCount(context, &instances);
        for (int i = 0; i < instances && code == SQLITE_OK; ++i) {
            int phrase = 0;
            int column = 0;
            int offset = 0;
            code = api->xInst(context, i, &phrase, &column, &offset);
            if (code == SQLITE_OK && column == text && phrase < phrases) add(phrase);
        }
        for (int i = 0; i < phrases; ++i)
            if (api->xPhraseSize(context, i) == 0)
                found_[used_++] = {.term = static_cast<std::uint8_t>(i)};
        length_ = static_cast<std::uint32_t>(std::max(length, 0));
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
    void add(int phrase) {
        const auto end = found_.begin() + static_cast<std::ptrdiff_t>(used_);
        const auto known = std::find_if(found_.begin(), end,
                                        [phrase](const auto& one) { return one.term == phrase; });
        if (known == end) {
            *known = {.term = static_cast<std::uint8_t>(phrase), .count = 1};
            ++used_;
        } else if (known->count < std::numeric_limits<std::uint16_t>::max()) {
            ++known->count;
        }
    }

    std::uint32_t length_ = 0;
    std::size_t used_ = 0;
    std::array<recall::occurrence, most_phrases> found_;
};

void occurrences(const Fts5ExtensionApi* api, Fts5Context* context, sqlite3_context* result, int,
                 sqlite3_value**) {
    blob_of_match blob;
    if (const int code = blob.fill(api, context); code != SQLITE_OK)
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
    std::memcpy(out.phrases.data(), blob.data(), blob.size());
}

}  // namespace memorypro::store::sqlite
