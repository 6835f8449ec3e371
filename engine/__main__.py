"""``python -m engine``: start the bindings once, so that jsii unpacks its 37 MB into its cache now and not at synth."""

from engine.bindings import PROVIDER, activate

if __name__ == "__main__":
    activate()
    __import__(f"{PROVIDER}.provider")
