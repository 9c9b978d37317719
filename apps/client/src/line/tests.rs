//! The lines, as a PC sends and reads them.

extern crate std;

use std::string::String;
use std::vec::Vec;

use super::*;

fn requests(text: &str) -> Vec<Result<Request, ErrorCode>> {
    let mut requests = Requests::new();
    text.bytes()
        .filter_map(|byte| requests.push(byte))
        .collect()
}

fn reply(token: Result<&[u8], ErrorCode>) -> String {
    reply_to("nonce 01\n", token)
}

fn reply_to(line: &str, token: Result<&[u8], ErrorCode>) -> String {
    let request = requests(line)[0].unwrap();
    String::from_utf8(Reply::new(&request, token).as_bytes().into()).unwrap()
}

#[test]
fn all_requests_are_understood() {
    let got = requests("nonce 00ff1A\nattest 0102030405060708\r\n");
    let [Ok(Request::Answer(answer)), Ok(Request::Attest(attest))] = got[..] else {
        panic!("{got:?}")
    };
    assert_eq!(answer.as_bytes(), [0x00, 0xff, 0x1a]);
    assert_eq!(attest.as_bytes(), [1, 2, 3, 4, 5, 6, 7, 8]);
    let got = requests("claims 07\nsign\n");
    let [Ok(Request::Claims(claims)), Ok(Request::Sign)] = got[..] else {
        panic!("{got:?}")
    };
    assert_eq!(claims.as_bytes(), [7]);
}

#[test]
fn a_line_takes_effect_at_its_end_only() {
    assert_eq!(requests("nonce 0011"), []);
    assert_eq!(requests("\n\r\n"), []);
}

#[test]
fn the_longest_nonce_fits_and_no_longer_one() {
    let longest = "ab".repeat(MAX_NONCE);
    let got = requests(&std::format!("nonce {longest}\nattest {longest}\n"));
    assert!(got.iter().all(Result::is_ok), "{got:?}");
    for line in [
        std::format!("nonce {longest}ab\n"),
        std::format!("attest {longest}ab\n"),
        std::format!("nonce {}\n", "ab".repeat(5000)),
    ] {
        assert_eq!(requests(&line), [Err(ErrorCode::Size)]);
    }
}

#[test]
fn other_lines_are_refused_and_the_next_is_understood() {
    assert_eq!(requests("nonce 0\n"), [Err(ErrorCode::Invalid)]);
    assert_eq!(requests("nonce 0g\n"), [Err(ErrorCode::Invalid)]);
    assert_eq!(requests("nonce +1\n"), [Err(ErrorCode::Invalid)]);
    let got = requests("hello\nnonce 01\n");
    assert_eq!(got[0], Err(ErrorCode::NoSupport));
    assert!(got[1].is_ok());
}

#[test]
fn replies_are_one_line() {
    assert_eq!(reply(Ok(&[0x01, 0xab])), "evidence 01ab\n");
    assert_eq!(reply(Err(ErrorCode::NoDevice)), "error NODEVICE\n");
    assert_eq!(reply_to("attest 01\n", Ok(&[1])), "evidence 01\n");
    assert_eq!(reply_to("claims 01\n", Ok(&[1])), "claims 01\n");
    assert_eq!(reply_to("sign\n", Ok(&[1])), "batch 01\n");
    let error = Reply::to_nothing(ErrorCode::NoSupport);
    assert_eq!(error.as_bytes(), b"error NOSUPPORT\n");
}

#[test]
fn the_longest_token_fits_and_no_longer_one() {
    let text = reply(Ok(&[0x5a; MAX_TOKEN]));
    assert_eq!(text.len(), "evidence \n".len() + 2 * MAX_TOKEN);
    assert_eq!(reply(Ok(&[0; MAX_TOKEN + 1])), "error SIZE\n");
}
