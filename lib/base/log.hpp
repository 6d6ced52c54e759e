// Logging to stderr through spdlog's default logger: one line an event, no memory content, no
// secret.
//
// Use spdlog::info(...) and its siblings; this sets the lines' form and level.
#pragma once

#include <spdlog/spdlog.h>

namespace memorypro::log {

enum class form {
    text,     // 2025-01-08T12:34:56.500Z info message
    journal,  // <6>message: journald adds the time
    json,     // {"time":"…","level":"info","message":"…"}
};

// Warnings and errors are written at once, what is below them within a second or at flush().
void start(form, spdlog::level::level_enum);

void set_level(spdlog::level::level_enum);

void flush();

}  // namespace memorypro::log
