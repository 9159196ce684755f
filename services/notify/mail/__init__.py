"""Mail: letters to people. Address and code are fetched from membership when a letter is sent and are kept nowhere."""
