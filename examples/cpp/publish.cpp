// Writes a small table as one Arrow stream to standard output, for curl to publish: see README.md.
#include <arrow/api.h>
#include <arrow/io/api.h>
#include <arrow/ipc/api.h>

#include <iostream>

arrow::Result<std::shared_ptr<arrow::Buffer>> Weather() {
  arrow::StringBuilder city;
  ARROW_RETURN_NOT_OK(city.AppendValues({"Oslo", "Rome"}));
  arrow::DoubleBuilder celsius;
  ARROW_RETURN_NOT_OK(celsius.AppendValues({4.5, 17}));
  ARROW_ASSIGN_OR_RAISE(auto cities, city.Finish());
  ARROW_ASSIGN_OR_RAISE(auto degrees, celsius.Finish());
  auto schema = arrow::schema({arrow::field("city", arrow::utf8()), arrow::field("celsius", arrow::float64())});
  auto rows = arrow::RecordBatch::Make(schema, 2, {cities, degrees});

  ARROW_ASSIGN_OR_RAISE(auto stream, arrow::io::BufferOutputStream::Create());
  ARROW_ASSIGN_OR_RAISE(auto writer, arrow::ipc::MakeStreamWriter(stream, schema));
  ARROW_RETURN_NOT_OK(writer->WriteRecordBatch(*rows));
  ARROW_RETURN_NOT_OK(writer->Close());  // writes the stream's end too
  return stream->Finish();
}

int main() {
  const auto stream = Weather();
  if (!stream.ok()) {
    std::cerr << stream.status().ToString() << '\n';
    return 1;
  }
  std::cout.write(reinterpret_cast<const char*>((*stream)->data()), (*stream)->size());
  return std::cout.flush() ? 0 : 1;
}
