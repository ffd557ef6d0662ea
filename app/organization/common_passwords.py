"""Words and runs of keys that many passwords consist of, in lower case."""

# fmt: off
COMMON = frozenset((
    "abc", "abcd", "admin", "administrator", "asdf", "asdfgh", "changeme", "china",
    "computer", "demo", "dragon", "football", "gongwen", "hello", "iloveyou", "letmein",
    "login", "manager", "master", "monkey", "office", "operator", "pass", "passwd",
    "password", "princess", "qaz", "qazwsx", "qwer", "qwert", "qwerty", "root", "secret",
    "shadow", "sunshine", "superman", "system", "temp", "test", "user", "welcome",
    "woaini", "wsx", "xiaoming", "zaq", "zhongguo", "zxc", "zxcv", "zxcvbn", "000000",
    "111111", "112233", "123", "1234", "12345", "123456", "1234567", "12345678",
    "123456789", "1234567890", "123123", "123321", "1314", "147258", "147369", "159357",
    "163", "321", "520", "5201314", "54321", "654321", "666666", "789", "87654321", "888888",
    "987654321", "999999", "1q2w3e4r", "1qaz", "2wsx", "3edc", "a1b2c3d4", "q1w2e3r4",
    "公文", "密码", "办公室", "中国",
))
# fmt: on
