// What does an experiment learn from?
//
// A Dataset: a matrix of features, and for each row a class or a number to predict, with names for
// all of it and a note of where it came from. It is a plain value; `check` states what must hold of
// one.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/tensor.h"

namespace lab {

// Where data came from, shown wherever the data is shown.
struct Provenance {
  std::string source;   // a file's name, a publication, or "generated"
  std::string licence;  // SPDX identifier or a sentence; empty: not known
  std::string sha256;   // of the file's bytes in hex, or "generated"
  std::string recipe;   // what was done since, in order: "standardised; classes 3 and 8"
};

struct Dataset {
  std::string name;
  Matrix features;                         // n x d, finite
  std::vector<int> labels;                 // n class indices 0..k-1 for classification, else empty
  Vector targets;                          // n finite numbers for regression, else empty
  std::vector<std::string> feature_names;  // d
  std::vector<std::string> class_names;    // k; a class may have no rows
  Provenance provenance;

  std::size_t rows() const { return features.shape(0); }
  std::size_t columns() const { return features.shape(1); }
  std::size_t classes() const { return class_names.size(); }
};

// Two-class data that stands for y = -1, +1: class 0 is -1 and class 1 is +1, everywhere in the
// project.

// Throws an Error unless all that the fields' comments say holds: shapes agree, labels lie in
// 0..k-1, names are there, not empty and (of classes) different, every number is finite, there is
// at least one row and column, labels and targets are not both given, and the source is named.
void check(const Dataset& dataset);

// SHA-256 in hex over shape, names of features and classes, values, labels and targets; not over
// the data set's own name and provenance: the same numbers from another file are the same data.
std::string digest(const Dataset& dataset);

// Rows per class, one entry for each class name.
std::vector<std::size_t> class_counts(const Dataset& dataset);

// Adds what was just done to the provenance's recipe.
void note(Dataset& dataset, std::string step);

}  // namespace lab
