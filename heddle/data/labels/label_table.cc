#include "heddle/data/labels/label_table.h"

#include <arrow/api.h>
#include <arrow/io/api.h>
#include <parquet/arrow/writer.h>

#include <algorithm>

#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"
#include "heddle/core/read_file.h"
#include "heddle/core/sha256.h"
#include "heddle/core/text.h"
#include "heddle/data/lerobot/parquet_file.h"
#include "heddle/data/lerobot/path_template.h"

namespace heddle::data {
namespace {

constexpr const char* kMend = "take a copy that is whole, or delete it and label the dataset anew: it holds no data";

struct Column {
  const char* name;
  int64_t Label::* number;
  std::string Label::* text;
};
constexpr Column kColumns[] = {
    {"episode", &Label::episode, nullptr},
    {"from_frame", &Label::from_frame, nullptr},
    {"to_frame", &Label::to_frame, nullptr},
    {"level", nullptr, nullptr},
    {"key", nullptr, &Label::key},
    {"value", nullptr, &Label::value},
    {"by", nullptr, &Label::by},
    {"when", nullptr, &Label::when},
};

void Require(const arrow::Status& status) {
  if (!status.ok()) throw Error(ErrorKind::kSystem, "the label table can't be made: " + status.message());
}

std::string TextOf(const Label& label, const Column& column) {
  return column.text == nullptr ? LevelName(label.level) : label.*column.text;
}

std::shared_ptr<arrow::Array> ColumnOf(const std::vector<Label>& labels, const Column& column) {
  std::shared_ptr<arrow::Array> array;
  if (column.number != nullptr) {
    arrow::Int64Builder builder;
    for (const Label& label : labels) Require(builder.Append(label.*column.number));
    Require(builder.Finish(&array));
  } else {
    arrow::StringBuilder builder;
    for (const Label& label : labels) Require(builder.Append(TextOf(label, column)));
    Require(builder.Finish(&array));
  }
  return array;
}

std::string TableBytes(const std::vector<Label>& labels) {
  arrow::FieldVector fields;
  arrow::ArrayVector columns;
  for (const Column& column : kColumns) {
    columns.push_back(ColumnOf(labels, column));
    fields.push_back(arrow::field(column.name, columns.back()->type(), /*nullable=*/false));
  }
  const auto table = arrow::Table::Make(arrow::schema(fields), columns, static_cast<int64_t>(labels.size()));
  auto out = arrow::io::BufferOutputStream::Create();
  Require(out.status());
  const auto properties =
      parquet::WriterProperties::Builder().compression(parquet::Compression::SNAPPY)->enable_page_checksum()->build();
  Require(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), *out, int64_t{1} << 20, properties));
  auto bytes = (*out)->Finish();
  Require(bytes.status());
  return (*bytes)->ToString();
}

std::vector<Label> ReadTable(const std::filesystem::path& file) {
  ParquetFile table(file, file.string());
  std::vector<Label> labels;  // sized by what a column really holds, not by what the file claims
  for (const Column& column : kColumns) {
    if (column.number != nullptr) {
      const auto numbers = table.ReadNumbers(column.name, contract::DType::kI64, {}, table.all_rows());
      labels.resize(static_cast<size_t>(numbers.size()));
      for (size_t i = 0; i < labels.size(); ++i) labels[i].*column.number = numbers.Values<int64_t>()[i];
      continue;
    }
    const auto texts = table.ReadTexts(column.name, table.all_rows());
    for (size_t i = 0; i < labels.size(); ++i) {
      const auto level = column.text == nullptr ? LevelFromName(texts[i]) : LabelLevel::kDataset;
      if (!level || !IsUtf8(texts[i])) {
        ThrowInput(level ? "text that is not UTF-8" : "the level '" + texts[i].substr(0, 40) + "' is none of ours",
                   file.string() + ", column " + column.name + ", row " + std::to_string(i), kMend);
      }
      if (column.text == nullptr) {
        labels[i].level = *level;
      } else {
        labels[i].*column.text = texts[i];
      }
    }
  }
  return labels;
}

}  // namespace

std::optional<std::string> HashOfLabelTable(const std::filesystem::path& root) {
  const auto file = ResolveInside(root, kLabelTableFile);
  if (!std::filesystem::exists(file)) return std::nullopt;
  return Sha256OfFile(file).sha256;
}

std::optional<std::string> LabelTableFault(const std::filesystem::path& root, const LabelTableHash& expected) {
  const auto hash = HashOfLabelTable(root);
  if (!hash && !expected.before) return "the file is missing";
  if (!hash || *hash == expected.sha256 || hash == expected.before) return std::nullopt;
  return "has another content than what was written";
}

std::vector<Label> ReadLabels(const std::filesystem::path& root) {
  const HeddleJson content = ReadHeddleJson(root).value_or(HeddleJson{});
  std::vector<Label> labels = content.labels;
  const auto file = ResolveInside(root, kLabelTableFile);
  if (content.label_table) {
    if (const auto fault = LabelTableFault(root, *content.label_table)) {
      ThrowInput(*fault, file.string(),
                 "take a copy that is whole; if the change is meant: heddle data seal --again " + root.string());
    }
  }
  if (!std::filesystem::exists(file)) return labels;
  for (Label& label : ReadTable(file)) labels.push_back(std::move(label));
  return labels;
}

void WriteLabels(const std::filesystem::path& root, std::vector<Label> labels) {
  std::sort(labels.begin(), labels.end());
  const auto parts = std::find_if(labels.begin(), labels.end(),
                                  [](const Label& label) { return label.level != LabelLevel::kDataset; });
  // Sorted by episode: those of the dataset (-1) come first.
  const std::string bytes = TableBytes({parts, labels.end()});
  ResolveInside(root, kLabelTableFile);
  HeddleJson content = ReadHeddleJson(root).value_or(HeddleJson{});
  // First say that the table may be either, then replace it, then say what it is.
  const auto before = HashOfLabelTable(root);
  const std::string now = Sha256Hex(bytes);
  content.label_table = LabelTableHash{now, before.value_or(now)};
  WriteHeddleJson(root, content);
  std::error_code error;
  std::filesystem::create_directories(root / "meta" / "heddle", error);
  if (error) ThrowSystem("cannot make this folder", (root / "meta" / "heddle").string(), error.value());
  WriteFileAtomically(root / kLabelTableFile, bytes);
  content.label_table->before.reset();
  content.labels.assign(labels.begin(), parts);
  WriteHeddleJson(root, content);
}

}  // namespace heddle::data
