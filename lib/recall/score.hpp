// How relevant a memory is: its text, weighted by how fresh and how important it is.
#pragma once

#include <chrono>

namespace memorypro::recall {

// Each 0 to 1. `text` is made of those below it, or of an insight that cites the memory.
struct signals {
    double text = 0;            // share of the question's information that the memory holds
    double recency = 0;         // 1 now, halved every 30 days of event time; 1 for the future
    double responsibility = 0;  // priority: low 0, medium 1/3, high 2/3, urgent 1

    double words = 0;      // of the information: what its own words hold
    double speaker = 0;    // what the label before its text adds ("Lena: …")
    double context = 0;    // what the memories around it in its session add
    double asking = 0;     // 1: it is a question itself
    double date = 0;       // how near it is to the time that the question names
    double time_told = 0;  // 1: the question asks when, and the text tells a time
    double insight = 0;    // what an insight that cites it holds
};

struct weights {
    bool recent = true;
    bool responsibilities = true;
};

double recency(std::chrono::microseconds age);

// 0 to 1. Recency moves a score by at most a twentieth of the text's, responsibility by a tenth:
// they break ties and favour fresh and important memories without burying the evidence of an old
// question.
double relevance(const signals&, const weights&);

}  // namespace memorypro::recall
