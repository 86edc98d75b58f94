//! A bare hyper server, beside which `benches/serve/run` measures `throttlesim serve`: every
//! request gets the same answer, whatever it asks.
//!
//! ```sh
//! cargo bench --bench serve -- listen       # prints its address, and answers until it is killed
//! cargo test --bench serve                  # asks itself once
//! ```

use bytes::Bytes;
use http_body_util::Full;
use hyper::service::service_fn;
use hyper::{Response, header};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::TcpStream;
use tokio::net::TcpListener;

const BODY: &[u8] = b"{\"payload\":{}}";

async fn answer(listener: TcpListener) -> ! {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let _ = stream.set_nodelay(true);
        let service = service_fn(|_| async {
            let response = Response::builder().header(header::CONTENT_TYPE, "application/json");
            Ok::<_, Infallible>(response.body(Full::new(Bytes::from_static(BODY))).expect("sound"))
        });
        tokio::spawn(async move {
            let http = hyper::server::conn::http1::Builder::new();
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a free port");
    let address = listener.local_addr().expect("an address");
    if std::env::args().any(|word| word == "listen") {
        println!("listening on http://{address}");
        runtime.block_on(answer(listener));
    }
    runtime.spawn(answer(listener));
    let mut client = TcpStream::connect(address).expect("connected");
    client.write_all(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").expect("sent");
    let mut said = String::new();
    client.read_to_string(&mut said).expect("an answer");
    assert!(said.starts_with("HTTP/1.1 200 OK") && said.as_bytes().ends_with(BODY), "{said}");
}
