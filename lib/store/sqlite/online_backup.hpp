// A copy of the database made while it is written to (sqlite.org/backup.html), on a connection and
// a thread of its own.
//
// All of it is read in one transaction, so that changes meanwhile neither get into the copy nor
// make it begin anew. They wait in the WAL, which grows by them until the copy is complete.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/descriptor.hpp"
#include "store/backup.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/data_directory.hpp"
#include "store/sqlite/worker.hpp"

struct sqlite3_backup;

namespace memorypro::store::sqlite {

class online_backup final : public backup {
public:
    online_backup(executor loop, const data_directory&);
    ~online_backup() override;

    awaitable<result<bool>> copy_some() override;
    awaitable<std::string> read_some() override;
    awaitable<> discard() override;

private:
    // On the thread.
    bool copy();
    void begin();
    void finish();
    std::string read();
    void free_room();

    struct end_of_copying {
        void operator()(sqlite3_backup*) const;
    };

    const std::string copy_path_;
    bool has_name_ = false;  // the copy is there under it
    connection source_;
    std::optional<connection> target_;
    std::unique_ptr<sqlite3_backup, end_of_copying> copying_;
    descriptor copied_;  // the file, once it has lost its name
    worker worker_;
};

}  // namespace memorypro::store::sqlite
