"""What blinkcode costs on RV32, beside what people write by hand. `make bench` runs bench.py."""
