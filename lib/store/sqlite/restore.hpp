// Puts a backup in the place of a directory's database.
//
// It is copied into the directory and checked there first. From then on it is decided: what a crash
// interrupts is finished by the next start, or the next restore. The former database is kept, with
// its WAL, under another name.
#pragma once

#include <string>

#include "store/sqlite/backup_file.hpp"
#include "store/sqlite/data_directory.hpp"

namespace memorypro::store::sqlite {

struct restored {
    backup_facts what;
    std::string former;  // path of the database that was there; empty: there was none
};

// Throws no_backup, and then has changed nothing, or std::system_error. As root it gives the files
// to the owner of the directory.
restored restore_backup(const std::string& file, const data_directory&);

// Before the database is opened: finishes an interrupted restore, and removes what an interrupted
// backup or restore has left.
void tidy_up(const data_directory&);

}  // namespace memorypro::store::sqlite
