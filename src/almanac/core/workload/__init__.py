"""Commitments against the hours weeks really have; estimates, flow and days off."""
