"""Writes splits.txt: scikit-learn's train_test_split called twice (needs scikit-learn 1.9.1 and numpy).

One line a case: items, seed, rest, holdout of the rest, then the indices of train, validation and holdout, a bar between.
"""
from sklearn.model_selection import train_test_split

cases = [(137, 54, 0.2, 0.5), (137, 42, 0.3, 0.5), (10, 42, 0.3, 0.5), (10, 0, 0.25, 0.3), (781, 42, 0.3, 0.5), (1000, 12345, 0.1, 0.9), (6, 4294967295, 0.5, 0.34), (2049, 7, 0.15, 0.5)]
with open("splits.txt", "w") as file:
    for items, seed, rest, half in cases:
        train, other = train_test_split(list(range(items)), test_size=rest, random_state=seed)
        validation, holdout = train_test_split(other, test_size=half, random_state=seed)
        parts = " | ".join(" ".join(map(str, part)) for part in (train, validation, holdout))
        file.write(f"{items} {seed} {rest} {half} | {parts}\n")
