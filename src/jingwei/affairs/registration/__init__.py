"""Double registration 双报到: units register where they sit, Party members where they live, of their own will."""
