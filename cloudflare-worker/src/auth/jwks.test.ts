import { beforeAll, expect, test } from "vitest";
import cases from "../../../model-store/fixtures/issuer.json";
import { Problem } from "../problem";
import { newSigningKey, type SigningKey, signToken } from "../testing/issuer";
import { Jwks } from "./jwks";
import { VerifiedTokens } from "./verified-tokens";

const START = 1_795_478_400_000;
const RULES = { issuer: "https://issuer.example", audience: "hemline" };
const keys = new Map<string, SigningKey>();
const tokens = new Map<string, string>();

beforeAll(async () => {
  for (const name of ["a", "b", "x", "y", "z"]) {
    keys.set(name, await newSigningKey(name));
  }
  for (const name of cases.flatMap(({ steps }) => steps.flatMap(({ asks }) => asks))) {
    const claims = { iss: RULES.issuer, aud: RULES.audience, sub: "shop", exp: START / 1000 + 172_800, jti: name };
    const head = { alg: "ES256", kid: name.charAt(0) };
    tokens.set(name, await signToken(keyOf(name.charAt(0)), JSON.stringify(head), JSON.stringify(claims)));
  }
});

/** Outage, rotation and concurrency, by the test cases that the Worker and the server share. */
test.each(cases)("$why", async ({ steps }) => {
  let now = START;
  let published: string[] | null = null;
  let lookUps = 0;
  const inFlight: (() => void)[] = [];
  const background: Promise<unknown>[] = [];
  const source = async () => {
    lookUps++;
    await new Promise<void>((responded) => inFlight.push(responded));
    if (published === null) {
      throw new Error("the issuer is down");
    }
    return { keys: published.map((name) => keyOf(name).jwk) };
  };
  const verified = new VerifiedTokens(new Jwks(source, () => now));

  for (const step of steps) {
    now = START + 1000 * step.at;
    published = "publishes" in step ? (step.publishes ?? null) : published;

    const outcomes = step.asks.map(async (name) =>
      outcomeOf(verified.clientOf(tokens.get(name) ?? "", { ...RULES, now }, (work) => background.push(work))),
    );
    await allPending();
    for (const respond of inFlight.splice(0)) {
      respond();
    }

    expect(await Promise.all(outcomes), `at ${step.at} s`).toEqual(step.answers);
    await Promise.all(background);
    expect(lookUps, `look-ups at ${step.at} s`).toBe(step.lookUps);
  }
});

function keyOf(name: string): SigningKey {
  return keys.get(name) as SigningKey;
}

async function outcomeOf(client: Promise<string>): Promise<string> {
  try {
    await client;
    return "accepted";
  } catch (error) {
    return error instanceof Problem && error.status === 401 ? "refused" : "unavailable";
  }
}

/** Resolves once every verification waits for the issuer; WebCrypto's promises resolve at once here. */
function allPending(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
