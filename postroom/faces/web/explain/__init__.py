"""Where mail goes and why a setting has its value, for everybody who is signed in."""
