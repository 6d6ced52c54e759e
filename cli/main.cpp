#include "cli/app.hpp"

int main(int argc, char** argv) {
    return memorypro::cli::run(argc, argv);
}
