import { beforeAll, expect, test } from "vitest";
import cases from "../../../model-store/fixtures/issuer.json";
import { Problem } from "../problem";
import { type Signer, signed, signerWith } from "../testing/signer";
import { Jwks } from "./jwks";
import { VerifiedTokens } from "./verified-tokens";

const START = 1_795_478_400_000;
const RULES = { issuer: "https://issuer.example", audience: "hemline" };
const signers = new Map<string, Signer>();
const tokens = new Map<string, string>();

beforeAll(async () => {
  for (const name of ["a", "b", "x", "y", "z"]) {
    signers.set(name, await signerWith(name));
  }
  for (const name of cases.flatMap(({ steps }) => steps.flatMap(({ asks }) => asks))) {
    const claims = { iss: RULES.issuer, aud: RULES.audience, sub: "shop", exp: START / 1000 + 172_800, jti: name };
    const head = { alg: "ES256", kid: name.charAt(0) };
    tokens.set(name, await signed(signerOf(name.charAt(0)), JSON.stringify(head), JSON.stringify(claims)));
  }
});

/** Outage, rotation and concurrency, by the table that the server is tested on too. */
test.each(cases)("$why", async ({ steps }) => {
  let now = START;
  let published: string[] | null = null;
  let lookUps = 0;
  const inFlight: (() => void)[] = [];
  const background: Promise<unknown>[] = [];
  const source = async () => {
    lookUps++;
    await new Promise<void>((answered) => inFlight.push(answered));
    if (published === null) {
      throw new Error("the issuer is away");
    }
    return { keys: published.map((name) => signerOf(name).jwk) };
  };
  const verified = new VerifiedTokens(new Jwks(source, () => now));

  for (const step of steps) {
    now = START + 1000 * step.at;
    published = "publishes" in step ? (step.publishes ?? null) : published;

    const asked = step.asks.map(async (name) =>
      answerOf(verified.clientOf(tokens.get(name) ?? "", { ...RULES, now }, (work) => background.push(work))),
    );
    await settled();
    for (const answer of inFlight.splice(0)) {
      answer();
    }

    expect(await Promise.all(asked), `at ${step.at} s`).toEqual(step.answers);
    await Promise.all(background);
    expect(lookUps, `look-ups at ${step.at} s`).toBe(step.lookUps);
  }
});

function signerOf(name: string): Signer {
  return signers.get(name) as Signer;
}

async function answerOf(client: Promise<string>): Promise<string> {
  try {
    await client;
    return "accepted";
  } catch (error) {
    return error instanceof Problem && error.status === 401 ? "refused" : "unavailable";
  }
}

/** Until every token has come as far as it can without the issuer: WebCrypto's promises here are fulfilled at once. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
