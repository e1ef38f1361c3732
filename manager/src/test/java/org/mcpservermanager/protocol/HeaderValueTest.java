package org.mcpservermanager.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderValueTest {
    @ParameterizedTest
    @CsvSource({
        "us-west1, us-west1",
        "=?base64?SGVsbG8sIOS4lueVjA==?=, 'Hello, 世界'",
        "=?base64?IHBhZGRlZCA=?=, ' padded '",
        "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=, =?base64?literal?=",
        "=?base64??=, ''",
        "=?BASE64?IHBhZGRlZCA=?=, =?BASE64?IHBhZGRlZCA=?="
    })
    void decodesWhatTheSpecificationEncodes(String header, String text) {
        assertEquals(Optional.of(text), HeaderValue.decode(header));
    }

    @Test
    void decodesLineBreaksOnlyFromBase64() {
        assertEquals(Optional.of("line1\nline2"), HeaderValue.decode("=?base64?bGluZTEKbGluZTI=?="));
        assertEquals(Optional.empty(), HeaderValue.decode("line1\nline2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=?base64?IHBhZGRlZCA?=", // no padding
                "=?base64?IHBhZGRlZCB=?=", // loose last bits
                "=?base64?SGVs bG8=?=",
                "=?base64?SGVs_G8=?=", // the alphabet of URLs
                "=?base64?/w==?=", // no UTF-8
                "größe"
            })
    void refusesASecondSpellingAndWhatNoHeaderHolds(String header) {
        assertEquals(Optional.empty(), HeaderValue.decode(header));
    }

    @ParameterizedTest
    @CsvSource({
        "us-west1, us-west1",
        "'Hello, 世界', =?base64?SGVsbG8sIOS4lueVjA==?=",
        "' padded ', =?base64?IHBhZGRlZCA=?=",
        "=?base64?literal?=, =?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=",
        "=?base64?=, =?base64?PT9iYXNlNjQ/PQ==?=",
        "'', =?base64??="
    })
    void encodesWhatNoHeaderHoldsAsItIs(String text, String header) {
        assertEquals(header, HeaderValue.encode(text));
        assertEquals(Optional.of(text), HeaderValue.decode(header));
    }
}
