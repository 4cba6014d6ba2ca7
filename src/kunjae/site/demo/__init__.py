"""The demonstration: ภูเก็ต's 19 authorities, one of them at work with a full cast (invented persons)."""
