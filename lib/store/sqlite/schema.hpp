// The database's shape, as numbered steps from an empty file to what this program reads.
#pragma once

#include "store/sqlite/connection.hpp"

namespace memorypro::store::sqlite {

// The file cannot be used as it is, and trying again will not help: a newer schema, another
// program's database, a damaged one. The text says what to do.
class unusable_database : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Brings the file to the newest schema, each step in its own transaction. Throws
// unusable_database, and then has changed nothing.
void migrate(connection&, const std::string& path);

int newest_schema();

// Of the file (PRAGMA application_id): "MPro", shown by file(1).
inline constexpr std::int64_t application_id = 0x4d50726f;

}  // namespace memorypro::store::sqlite
