// The API's own description, OpenAPI 3.1 as JSON: docs/openapi.yaml, compiled in by docs/.
#pragma once

#include <string_view>

namespace memorypro::api {

std::string_view openapi_json();

}  // namespace memorypro::api
