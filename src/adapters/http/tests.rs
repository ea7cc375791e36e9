//! Downloads from a small server on this machine.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use super::*;

/// Serves one connection after the other with `answer`; returns the address of `/`.
fn serve(answer: impl Fn(&str, &mut TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let request = lines.next().and_then(Result::ok).unwrap_or_default();
            while lines.next().and_then(Result::ok).is_some_and(|line| !line.is_empty()) {}
            answer(request.split(' ').nth(1).unwrap_or_default(), &mut stream);
        }
    });
    format!("http://{address}/")
}

fn respond(stream: &mut TcpStream, head: &str, body: &[u8]) {
    // The client may have hung up: that is what some tests are about.
    let _hung_up = stream
        .write_all(format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n").as_bytes())
        .and_then(|()| stream.write_all(body));
}

fn limits() -> Limits {
    Limits { max_bytes: 1000, total: Duration::from_secs(20), ..Limits::default() }
}

fn fetch(address: &str) -> Result<Vec<u8>, HttpError> {
    get(address, limits(), &mut |_, _| true)
}

#[test]
fn a_body_comes_whole_and_progress_is_told() {
    let address = serve(|_, stream| respond(stream, "200 OK\r\nContent-Length: 11", b"name: shop\n"));
    let mut told = Vec::new();
    let bytes = get(&address, limits(), &mut |done, total| {
        told.push((done, total));
        true
    });
    assert_eq!(bytes.unwrap(), b"name: shop\n");
    assert_eq!((told.first(), told.last()), (Some(&(0, 11)), Some(&(11, 11))));
}

#[test]
fn a_body_that_is_too_large_is_refused_told_or_untold() {
    let told = serve(|_, stream| respond(stream, "200 OK\r\nContent-Length: 5000", &[b'x'; 5000]));
    assert!(matches!(fetch(&told), Err(HttpError::TooLarge { limit: 1000, .. })));
    let untold = serve(|_, stream| respond(stream, "200 OK", &[b'x'; 5000]));
    assert!(matches!(fetch(&untold), Err(HttpError::TooLarge { limit: 1000, .. })));
}

#[test]
fn redirects_are_followed_to_web_addresses_only_and_not_for_ever() {
    let address = serve(|path, stream| match path {
        "/once" => respond(stream, "302 Found\r\nLocation: /there", b""),
        "/there" => respond(stream, "200 OK", b"here"),
        "/file" => respond(stream, "302 Found\r\nLocation: file:///etc/hosts", b""),
        _ => respond(stream, "302 Found\r\nLocation: /again", b""),
    });
    assert_eq!(fetch(&format!("{address}once")).unwrap(), b"here");
    let err = fetch(&format!("{address}file")).unwrap_err().to_string();
    assert!(err.contains("neither http nor https"), "{err}");
    let err = fetch(&format!("{address}loop")).unwrap_err().to_string();
    assert!(err.contains("too often"), "{err}");
}

#[test]
fn a_slow_body_can_be_stopped() {
    let address = serve(|_, stream| {
        respond(stream, "200 OK\r\nContent-Length: 900", b"begin");
        // Hold the connection until the other side goes.
        let mut rest = String::new();
        let _closed = BufReader::new(stream).read_line(&mut rest);
    });
    let mut calls = 0;
    let stopped = get(&address, limits(), &mut |done, _| {
        calls += 1;
        done == 0
    });
    assert!(matches!(stopped, Err(HttpError::Cancelled { .. })));
    assert_eq!(calls, 2);
}

#[test]
fn a_server_that_says_nothing_times_out() {
    let address = serve(|_, stream| {
        let mut rest = String::new();
        let _closed = BufReader::new(stream).read_line(&mut rest);
    });
    let limits = Limits { total: Duration::from_millis(200), ..limits() };
    let err = get(&address, limits, &mut |_, _| true).unwrap_err();
    assert!(matches!(err, HttpError::Timeout { .. }), "{err}");
}

#[test]
fn what_is_no_web_address_is_not_asked_for() {
    for (address, part) in [
        ("file:///etc/passwd", "not file"),
        ("ftp://example.com/x", "not ftp"),
        ("example.com", "no web address"),
        ("", "no web address"),
    ] {
        let err = fetch(address).unwrap_err().to_string();
        assert!(err.contains(part), "{err}");
    }
    let missing = serve(|_, stream| respond(stream, "404 Not Found", b""));
    let err = fetch(&missing).unwrap_err();
    assert!(err.to_string().starts_with("the server answered 404 Not Found"), "{err}");
}

#[test]
fn a_password_in_an_address_is_never_shown() {
    let url = check_address("http://user:secret@127.0.0.1:1/x").unwrap();
    assert!(!shown(&url).contains("secret") && !shown(&url).contains("user"));
    let err = fetch("http://user:secret@127.0.0.1:1/x").unwrap_err().to_string();
    assert!(err.contains("could not be reached") && !err.contains("secret"), "{err}");
}
