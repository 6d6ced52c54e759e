// The beginnings of memories' texts.
//
// SQLite reads a column whole, from as many pages as it takes; of a blob only what is asked for.
#pragma once

#include <array>
#include <string_view>

#include "recall/traits.hpp"
#include "store/sqlite/connection.hpp"

struct sqlite3_blob;

namespace memorypro::store::sqlite {

// In a transaction, which it must not outlive.
class text_beginnings {
public:
    explicit text_beginnings(connection& db) : db_(db) {}
    ~text_beginnings();
    text_beginnings(const text_beginnings&) = delete;
    text_beginnings& operator=(const text_beginnings&) = delete;

    // As much as recall::traits_of looks at; until the next call.
    std::string_view of(std::int64_t seq);

private:
    connection& db_;
    sqlite3_blob* blob_ = nullptr;
    std::array<char, recall::most_looked_at> bytes_;
};

}  // namespace memorypro::store::sqlite
