#include "store/sqlite/text_beginnings.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace memorypro::store::sqlite {

text_beginnings::~text_beginnings() {
    sqlite3_blob_close(blob_);
}

std::string_view text_beginnings::of(std::int64_t seq) {
    int code = blob_
                   ? sqlite3_blob_reopen(blob_, seq)
                   : sqlite3_blob_open(db_.handle(), "main", "memories", "content", seq, 0, &blob_);
    if (code != SQLITE_OK) throw sqlite_error(code, sqlite3_errmsg(db_.handle()));
    const int size = std::min(sqlite3_blob_bytes(blob_), static_cast<int>(bytes_.size()));
    code = sqlite3_blob_read(blob_, bytes_.data(), size, 0);
    if (code != SQLITE_OK) throw sqlite_error(code, sqlite3_errmsg(db_.handle()));
    return {bytes_.data(), static_cast<std::size_t>(size)};
}

}  // namespace memorypro::store::sqlite
