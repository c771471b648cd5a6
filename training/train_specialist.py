# SPDX-License-Identifier: GPL-3.0-only
"""Trains the specialist that picks, from nothing or from where it was: train_specialist.py --rows DIR --out DIR

DIR has decisions.train.jsonl and decisions.held-out.jsonl, as make-rows.ts and `pantheon mine` write them. The
system message is the same in all rows, so it is read once for each batch. What is learned are the answers, and
with a tenth of the weight the questions. Where rows say which lines of the question are wrong, that is learned at
the end of each line by a layer that is thrown away: more is to be learned from a row than one pick. Ends after --steps or --minutes; writes a Hugging Face folder.
"""

import argparse
import json
import math
import time
from pathlib import Path

import torch
from torch.nn import functional
from transformers import AutoTokenizer, DynamicCache, LlamaForCausalLM

from specialist import Row, Shape, batches, make_model, make_tokenizer, read_rows, read_texts, system_ids

QUESTION_WEIGHT = 0.1


def collate(rows: list[Row]):
    """Tokens and their weights in the loss, padded on the right; of every fourth row the question is learned too."""
    width = max(len(row.question) + len(row.answer) for row in rows)
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    weights = torch.zeros(len(rows), width)
    mask = torch.zeros(len(rows), width, dtype=torch.long)
    for at, row in enumerate(rows):
        start, end = len(row.question), len(row.question) + len(row.answer)
        ids[at, :end] = torch.tensor(row.question + row.answer)
        weights[at, :start] = QUESTION_WEIGHT if at % 4 == 0 else 0
        weights[at, start:end] = 1
        mask[at, :end] = 1
    return ids, weights, mask


def states_after(model, system: list[int], ids, mask):
    """The model's states after each token of the rows, behind a system message that is read once."""
    cache = DynamicCache(config=model.config)
    model.model(input_ids=torch.tensor([system]), cache=cache, use_cache=True)
    cache.batch_repeat_interleave(ids.shape[0])
    whole = torch.cat([torch.ones(ids.shape[0], len(system), dtype=torch.long), mask], dim=1)
    places = torch.arange(len(system), len(system) + ids.shape[1]).unsqueeze(0)
    return model.model(input_ids=ids, attention_mask=whole, position_ids=places, cache=cache).last_hidden_state


def line_loss(line_head, states, rows: list[Row], line_end: int):
    """How well the state at the end of each candidate's line tells whether that line is wrong."""
    places, wanted = [], []
    for at, row in enumerate(rows):
        ends = [place for place, token in enumerate(row.question) if token == line_end]
        # Two line ends come after the question, and the line of "none" before them.
        for place, wrong in zip(ends[-2 - len(row.lines) : -2], row.lines):
            places.append((at, place))
            wanted.append(float(wrong))
    at, place = (torch.tensor(part) for part in zip(*places))
    return functional.binary_cross_entropy_with_logits(line_head(states[at, place])[:, 0], torch.tensor(wanted))


def loss_of(model, system, rows, line_head=None, line_end=0):
    """The loss; then of the answers alone its sum, their tokens, and how many are whole the likeliest."""
    ids, weights, mask = collate(rows)
    weights, targets = weights[:, 1:], ids[:, 1:]
    learned = weights > 0
    states = states_after(model, system, ids, mask)
    logits = model.lm_head(states[:, :-1][learned]).float()
    losses = functional.cross_entropy(logits, targets[learned], reduction="none")
    shares = weights[learned]
    right = torch.ones_like(learned)
    right[learned] = (logits.argmax(-1) == targets[learned]) | (shares < 1)
    answers = shares == 1
    loss = (losses * shares).sum() / shares.sum()
    if line_head is not None:
        loss = loss + line_loss(line_head, states, rows, line_end)
    return loss, losses[answers].sum(), answers.sum(), right.all(1).sum()


@torch.no_grad()
def evaluate(model, system, rows: list[Row], size: int):
    """Loss a token of the answers, and the share of rows whose whole answer is the likeliest."""
    model.eval()
    total, tokens, right = 0.0, 0, 0
    for start in range(0, len(rows), size):
        _, loss, count, exact = loss_of(model, system, rows[start : start + size])
        total, tokens, right = total + loss.item(), tokens + count.item(), right + exact.item()
    model.train()
    return total / max(1, tokens), right / max(1, len(rows))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--from", dest="start", type=Path, help="a folder that this wrote; its words are kept")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--minutes", type=float, default=35)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--held-out", type=int, default=192, help="rows that each look takes")
    parser.add_argument("--every", type=int, default=100)
    parser.add_argument("--enough", type=float, default=2.0, help="held-out accuracy at which to stop")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    for name, value in vars(Shape()).items():
        parser.add_argument(f"--{name}", type=int, default=value)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    train_file, held_out_file = (args.rows / f"decisions.{side}.jsonl" for side in ("train", "held-out"))
    if args.start:
        tokenizer = AutoTokenizer.from_pretrained(args.start)
        model = LlamaForCausalLM.from_pretrained(args.start, dtype=torch.float32)
    else:
        texts = [part["content"] for row in read_texts(train_file) for part in row["prompt"][1:] + row["completion"]]
        systems = [read_texts(train_file)[0]["prompt"][0]["content"]] * (len(texts) // 40)
        tokenizer = make_tokenizer(texts + systems, args.vocabulary)
        # Text may be too scarce for as many words as were asked for.
        shape = {name: getattr(args, name) for name in vars(Shape())} | {"vocabulary": len(tokenizer)}
        model = make_model(Shape(**shape))
    train = read_rows(train_file, tokenizer)
    held_out = read_rows(held_out_file, tokenizer)[: args.held_out] if held_out_file.exists() else []
    if len({row.system for row in train + held_out}) != 1:
        raise SystemExit("rows have more than one system message; mine those of one version of the agent")
    system = system_ids(tokenizer, train[0].system)
    parameters = sum(weight.numel() for weight in model.parameters())
    print(f"{parameters} parameters, {len(train)} rows, {len(held_out)} held out, {len(system)} tokens of system", flush=True)
    line_head = torch.nn.Linear(model.config.hidden_size, 1) if all(row.lines for row in train) else None
    line_end = tokenizer.convert_tokens_to_ids("Ċ")
    decayed = [weight for weight in model.parameters() if weight.dim() > 1]
    others = [weight for weight in model.parameters() if weight.dim() <= 1]
    others += list(line_head.parameters()) if line_head else []
    groups = [{"params": decayed, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=args.rate, betas=(0.9, 0.95))
    warm = min(50, args.steps // 10 + 1)
    before = evaluate(model, system, held_out, args.batch)[1] if args.start else 0.0
    begin, history = time.monotonic(), []
    for step, rows in enumerate(batches(train, args.batch, args.seed), 1):
        spent = (time.monotonic() - begin) / 60
        progress = max(step / args.steps, spent / args.minutes)
        if progress > 1:
            break
        rate = args.rate * min(step / warm, 0.1 + 0.45 * (1 + math.cos(math.pi * progress)))
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss, answer, count, _ = loss_of(model, system, rows, line_head, line_end)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if step % args.every == 0:
            held, share = evaluate(model, system, held_out, args.batch)
            fact = dict(step=step, minutes=round(spent, 2), loss=round((answer / count).item(), 4), held_out=round(held, 4), right=round(share, 4))
            history.append(fact)
            print(json.dumps(fact), flush=True)
            if share >= args.enough:
                break
    right = evaluate(model, system, held_out, args.batch)[1]
    facts = dict(parameters=parameters, rows=len(train), before=before, right=right, minutes=round((time.monotonic() - begin) / 60, 2), history=history)
    model.half().save_pretrained(args.out)
    tokenizer.save_pretrained(args.out)
    (args.out / "training.json").write_text(json.dumps(facts, indent=2) + "\n")


if __name__ == "__main__":
    main()
