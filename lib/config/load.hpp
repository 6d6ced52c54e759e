// The steps of `load`, which share this draft.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/keys.hpp"
#include "config/settings.hpp"

namespace memorypro::config {

struct draft : loaded {
    // Where each key that was given comes from: "environment". A key given wrongly counts as given,
    // so that one mistake is not reported twice.
    std::map<std::string, std::string, std::less<>> places;

    bool given(std::string_view name) const { return places.find(name) != places.end(); }
    std::string place_of(std::string_view name) const;  // "default" if not given
    void problem(std::string_view name, std::string_view detail);
    void warning(std::string_view name, std::string_view detail);
};

// "MEMORYPRO_TIMEOUT (environment): must be 1 to 3600".
std::string about(std::string_view name, std::string_view place, std::string_view detail);

// Sets the secret from `path`; `name` and `place` say who named the file.
void set_secret_from_file(draft&, const key&, const std::string& path, const std::string& name,
                          const std::string& place);

// Sets the secret from $CREDENTIALS_DIRECTORY, or else from credentials/ beside the settings file,
// if it is there.
void set_secret_from_credentials(draft&, const key&, const values& environment,
                                 const std::string& settings_file);

// The two paths that depend on the environment.
void set_default_paths(draft&, const values& environment);

// What no setting alone can tell: pairs that belong together, files that must be readable.
void check_together(draft&);

}  // namespace memorypro::config
