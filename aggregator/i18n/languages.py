"""The languages of the interface; reports come in any."""

SOURCE = "en"  # that of the messages in the code
LANGUAGES = (SOURCE, "bg", "ru", "kk")
