//! Numbers as people write them, and those that are refused.

use super::*;

fn form(decimal: char, grouping: Option<char>, scale: u8) -> NumberForm {
    let euro = Type::Money(Currency::new("EUR").unwrap());
    let cells = CellForm { decimal: Some(decimal), grouping, ..CellForm::default() };
    NumberForm::new(euro, scale, &cells)
}

#[test]
fn declared_suffixes_multiply_and_others_are_rejected() {
    let mut english = form('.', Some(','), 2);
    english.suffixes = vec![("Mn".into(), 1_000_000), ("K".into(), 1000), ("M".into(), 1_000_000)];
    for (text, units) in [
        ("€1,117.10K", 111_710_000),
        ("1.2345 mn", 123_450_000),
        ("(2k)", -200_000),
        ("-1.23456K €", -123_456),
        ("3M", 300_000_000),
        ("7", 700),
    ] {
        assert_eq!(read(text, &english), Ok((units, false)), "{text}");
    }
    assert_eq!(read("0.0000051K", &english), Ok((1, true)));
    for text in ["5B", "1.5 Tsd.", "2 Mio"] {
        assert_eq!(read(text, &english), Err(RejectReason::Suffix), "{text}");
    }
    assert_eq!(read("K", &english), Err(RejectReason::NotANumber));
    assert_eq!(read("1234567890123456789012345678K", &english), Err(RejectReason::OutOfRange));
    let whole = NumberForm { integer: true, scale: 0, ..english };
    assert_eq!(read("1.5K", &whole), Ok((1500, false)));
    assert_eq!(read("1.2345K", &whole), Err(RejectReason::NotAnInteger));
}

#[test]
fn a_share_is_read_as_its_column_says() {
    let share = |percent| NumberForm { percent, ..form('.', None, 4) };
    let (sign, points) = (share(Some(Percent::Sign)), share(Some(Percent::Points)));
    for text in ["25%", "25 %", "%25", "(-25%)", "25.0%"] {
        let expected = if text.starts_with('(') { None } else { Some((2500, false)) };
        assert_eq!(read(text, &sign).ok(), expected, "{text}");
        assert_eq!(read(text, &points).ok(), expected, "{text}");
    }
    assert_eq!(read("-12.345%", &sign), Ok((-1234, true)), "half to even");
    assert_eq!(read("0.25", &sign), Err(RejectReason::PercentMissing));
    assert_eq!(read("25", &points), Ok((2500, false)));
    assert_eq!(read("0.25", &sign.of_exact()), Ok((2500, false)));
    assert_eq!(read("25", &points.of_exact()), Ok((2500, false)));
    for text in ["2%5%", "2%5", "5%%", "%", "5% of 20", "5 per cent (%)"] {
        assert_eq!(read(text, &sign), Err(RejectReason::NotANumber), "{text}");
    }
    assert_eq!(quick(b"25", &points), None);
}

#[test]
fn declared_marks_are_read_and_others_rejected() {
    let plain = form('.', None, 2);
    let german = form(',', Some('.'), 2);
    let english = form('.', Some(','), 2);
    assert_eq!(read("1355.9", &plain), Ok((135_590, false)));
    assert_eq!(read("1.355,90", &german), Ok((135_590, false)));
    assert_eq!(read("12,34,567.5", &english), Ok((123_456_750, false)), "Indian groups");
    assert_eq!(read("1\u{a0}234,5", &form(',', Some(' '), 2)), Ok((123_450, false)));
    for text in ["1.355,90", "12,345", "1 000", "1.2.3", "1'000"] {
        assert_eq!(read(text, &plain), Err(RejectReason::NumberMarks), "{text}");
    }
    for text in ["12,34", "1,2345", ",123", "1,,234", "1,234,56"] {
        assert_eq!(read(text, &english), Err(RejectReason::NumberMarks), "{text}");
    }
}

#[test]
fn an_unsure_point_before_three_digits_is_rejected() {
    for scale in [2, 4] {
        let unsure = NumberForm { unsure: true, ..form('.', None, scale) };
        for text in ["1.500", "-12.345", "€ 123.456"] {
            assert_eq!(quick(text.as_bytes(), &unsure), None, "{text}");
            assert_eq!(read(text, &unsure), Err(RejectReason::NumberMarks), "{text}");
        }
        for text in ["1.5", "0.500", "1234.500", "1.5000", "500"] {
            assert_eq!(read(text, &unsure), read(text, &form('.', None, scale)), "{text}");
        }
    }
}

#[test]
fn signs_and_the_columns_own_currency_are_read() {
    let plain = form('.', None, 2);
    for text in ["-5", "5-", "(5)", "(€5)", "-€5", "€-5", "€ -5", "-5 EUR", "\u{2212}5", "EUR -5"]
    {
        assert_eq!(read(text, &plain), Ok((-500, false)), "{text}");
    }
    for text in ["+5", "5 €", "EUR 5", "005.00"] {
        assert_eq!(read(text, &plain), Ok((500, false)), "{text}");
    }
    for text in ["$5", "5 USD", "GBP 5", "R$ 1,200.50", "-$5", "₦5", "US$ 2.1 Mn", "5,000 $"] {
        assert_eq!(read(text, &plain), Err(RejectReason::Currency), "{text}");
    }
    for text in ["ask Bob about $5", "ABC-123", "5 $ or 6", "5’ $ 6’", "${5}", "Q3 5 USD", "$"]
    {
        assert_ne!(read(text, &plain), Err(RejectReason::Currency), "{text}");
    }
    for text in ["", "-", "€", "--5", "(-5)", "5 5x", "1e5", "NaN", "٣", "€5€"] {
        assert!(read(text, &plain).is_err(), "{text}");
    }
    let german = form(',', Some('.'), 2);
    for text in ["€ 1.200,-", "1.200,--", "1.200,\u{2014} €", "1200,-", "EUR 1.200,\u{2013}"] {
        assert_eq!(read(text, &german), Ok((120_000, false)), "{text}");
    }
    assert_eq!(read("-1.200,-", &german), Ok((-120_000, false)));
    assert_eq!(read("1.200,50-", &german), Ok((-120_050, false)));
    assert_eq!(read("1'200.-", &form('.', Some('\''), 2)), Ok((120_000, false)));
    assert!(read("1.200,-", &plain).is_err() && read("1.200,-5", &german).is_err());
    for text in ["0.500", "0.123", "0.000.123", "-0.500"] {
        assert_eq!(read(text, &german), Err(RejectReason::NumberMarks), "no group begins with 0");
    }
    assert_eq!(read("5%", &plain), Err(RejectReason::Percent));
    assert_eq!(read("{5 %}", &plain), Err(RejectReason::NotANumber));
}

#[test]
fn finer_digits_round_half_to_even_and_say_so() {
    let cents = form('.', None, 2);
    for (text, units, rounded) in [
        ("0.125", 12, true),
        ("0.135", 14, true),
        ("0.1250001", 13, true),
        ("-0.125", -12, true),
        ("0.12000", 12, false),
        (".5", 50, false),
        ("0.999", 100, true),
    ] {
        assert_eq!(read(text, &cents), Ok((units, rounded)), "{text}");
    }
    let whole = NumberForm::new(Type::Integer, 9, &CellForm::default());
    assert_eq!(read("12.0", &whole), Ok((12, false)));
    assert_eq!(read("12.5", &whole), Err(RejectReason::NotAnInteger));
    assert_eq!(read("1".repeat(40).as_str(), &whole), Err(RejectReason::OutOfRange));
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config {
        failure_persistence: None,
        ..Default::default()
    })]

    #[test]
    fn the_quick_way_agrees_with_the_long_one(text in "-?[0-9.,]{1,12}", scale in 0u8..10) {
        for form in [form('.', None, scale), form(',', Some('.'), scale)] {
            if let Some(units) = quick(text.as_bytes(), &form) {
                proptest::prop_assert_eq!(read(&text, &form), Ok(units));
            }
        }
    }
}

#[test]
fn every_sign_that_is_known_by_its_word_is_read() {
    let words: toml::Table = include_str!("../../../rules/words.toml").parse().unwrap();
    for (sign, codes) in words["signs"].as_table().unwrap() {
        for code in codes.as_array().unwrap() {
            let money = Type::Money(Currency::new(code.as_str().unwrap()).unwrap());
            let form = NumberForm::new(money, 2, &CellForm::default());
            for text in [format!("{sign}100"), format!("100 {sign}")] {
                assert_eq!(read(&text, &form), Ok((10_000, false)), "{text} as {code}");
            }
        }
    }
}
