"""What is written from the code for people: pages in docs/, and what an editor shows over a setting."""
