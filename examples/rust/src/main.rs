//! Publishes a small table as one Arrow stream by HTTP: cargo run -- [GATEWAY [QUERY]]
//! Without a query the two rows are the whole table; "op=append" and "op=upsert&key=city" write rows.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_ipc::writer::StreamWriter;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let gateway = args.next().unwrap_or("http://127.0.0.1:8080".into());
    let query = args.next().unwrap_or_default();

    let city: ArrayRef = Arc::new(StringArray::from(vec!["Oslo", "Rome"]));
    let celsius: ArrayRef = Arc::new(Float64Array::from(vec![4.5, 17.0]));
    let batch = RecordBatch::try_from_iter([("city", city), ("celsius", celsius)])?;

    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema())?;
    writer.write(&batch)?;
    let stream = writer.into_inner()?; // writes the stream's end too

    // 200 says that it is taken, and which version shows it; a refusal is an error that ends the program.
    let mut answer = ureq::post(format!("{gateway}/tables/weather?{query}"))
        .header("content-type", "application/vnd.apache.arrow.stream")
        .send(&stream[..])?;
    println!("{}", answer.body_mut().read_to_string()?);
    Ok(())
}
