# Everything comes from the distribution's packages (README, "Dependencies"): nothing is fetched.
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)

# Header-only use, but for Boost.URL; lib/impl.cpp compiles Asio, Beast and JSON. 1.74 has no
# Boost.JSON, and 1.83 cannot compile Boost.URL into a program.
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS url)
add_library(memorypro_boost INTERFACE)
target_link_libraries(memorypro_boost INTERFACE
    Boost::headers $<LINK_ONLY:Boost::url> OpenSSL::SSL Threads::Threads)
target_compile_definitions(memorypro_boost INTERFACE
    BOOST_ASIO_SEPARATE_COMPILATION
    BOOST_ASIO_NO_DEPRECATED
    BOOST_BEAST_SEPARATE_COMPILATION
    BOOST_ASIO_DISABLE_BOOST_ARRAY
    BOOST_ALL_NO_LIB)
