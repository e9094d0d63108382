/**
 * Plants faults in security-critical code and runs the tests that must detect them, one fault at a time, in a copy of the
 * project that is built once.
 *
 * `npm run mutate -- <words>` runs the faults whose area, title, file or tests contain every word. `--resume` skips what
 * earlier runs have finished; results are kept in `mutation-results/faults.jsonl`. `--part 1/2` and `--part 2/2` split the
 * work, so that no test file is run by both. Exits with 1 if a test fails without a fault, an unexplained fault survives,
 * or fewer than nine in ten are detected.
 */
import { spawnSync } from 'node:child_process';
import {
	appendFileSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	readdirSync,
	rmSync,
	symlinkSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createVitest, type TestModule, type Vitest } from 'vitest/node';
import { z } from 'zod';
import { faultsByArea } from '../tests/faults/index.ts';
import { faultVariable, groupBy, plantFaults, type Fault } from '../tests/faults/fault.ts';

const root = path.resolve(import.meta.dirname, '..');
const resultsFile = path.join(root, 'mutation-results', 'faults.jsonl');
const wantedShare = 0.9;
/** Files that the copy creates for itself. */
const ownOfCopy = ['node_modules', 'build', 'data', 'test-results', 'mutation-results', '.git', '.svelte-kit'];
const ownOfModules = ['.setup', '.vite'];

const outcomes = ['noticed', 'survived', 'broken test'] as const;
const Result = z.object({ title: z.string(), outcome: z.enum(outcomes) });
type Outcome = (typeof outcomes)[number];
type PlacedFault = Fault & { readonly area: string };

const { values: options, positionals } = parseArgs({
	options: { resume: { type: 'boolean', default: false }, part: { type: 'string', default: '1/1' } },
	allowPositionals: true
});
const words = positionals.map((word) => word.toLowerCase());
const chosen: readonly PlacedFault[] = Object.entries(faultsByArea)
	.flatMap(([area, faults]) => faults.map((fault) => ({ area, ...fault })))
	.filter(({ area, title, file, tests }) => {
		const text = [area, title, file, ...tests].join(' ').toLowerCase();
		return words.every((word) => text.includes(word));
	});
if (chosen.length === 0) {
	console.error('No fault matches.');
	process.exit(1);
}

const finished = options.resume ? readResults() : new Map<string, Outcome>();
mkdirSync(path.dirname(resultsFile), { recursive: true });
if (!options.resume) rmSync(resultsFile, { force: true });
/** The first test of a file that fails without a fault; null if all pass. */
const failuresWithoutFault = new Map<string, string | null>();
const remaining = ownPart(chosen.filter(({ title }) => !finished.has(title)));
if (remaining.length > 0) await runAll();
report();
process.exit();

function readResults(): Map<string, Outcome> {
	if (!existsSync(resultsFile)) return new Map();
	const lines = readFileSync(resultsFile, 'utf8').split('\n').filter(Boolean);
	return new Map(lines.map((line) => Result.parse(JSON.parse(line))).map(({ title, outcome }) => [title, outcome]));
}

/** Takes the faults of every nth test file, in file order. */
function ownPart(faults: readonly PlacedFault[]): PlacedFault[] {
	const [part = 1, count = 1] = options.part.split('/').map(Number);
	const byFile = groupBy(faults, ({ tests }) => tests[0] ?? '');
	return [...byFile.values()].filter((_, index) => index % count === part - 1).flat();
}

async function runAll(): Promise<void> {
	const copy = mkdtempSync(path.join(tmpdir(), 'immich-auth-faults-'));
	process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
	copyProject(copy);
	const { status } = spawnSync('npm', ['run', '--silent', 'prepare'], { cwd: copy, stdio: 'inherit' });
	if (status !== 0) process.exit(1);
	// Tests find the build and the migrations from here.
	process.chdir(copy);
	const vitest = await createVitest('test', { root: copy, watch: false, bail: 1, silent: true, reporters: [{}] });
	try {
		for (const [index, fault] of remaining.entries()) await tryFault(vitest, fault, index + 1);
	} finally {
		await vitest.close();
	}
}

function copyProject(copy: string): void {
	for (const entry of readdirSync(root).filter((name) => !ownOfCopy.includes(name)))
		cpSync(path.join(root, entry), path.join(copy, entry), { recursive: true });
	mkdirSync(path.join(copy, 'node_modules'));
	for (const name of readdirSync(path.join(root, 'node_modules')).filter((entry) => !ownOfModules.includes(entry)))
		symlinkSync(path.join(root, 'node_modules', name), path.join(copy, 'node_modules', name));
	for (const [file, faults] of groupBy(remaining, (fault) => fault.file)) {
		const target = path.join(copy, file);
		writeFileSync(target, plantFaults(readFileSync(target, 'utf8'), faults));
	}
}

async function tryFault(vitest: Vitest, fault: PlacedFault, number: number): Promise<void> {
	const startedAt = performance.now();
	// A test that fails without a fault would count every fault as detected.
	const broken = await failureWithoutFault(vitest, fault.tests);
	const failure = broken ?? (await findFailure(vitest, fault.tests, fault.title));
	const outcome = broken !== null ? 'broken test' : failure === null ? 'survived' : 'noticed';
	finished.set(fault.title, outcome);
	appendFileSync(resultsFile, `${JSON.stringify({ title: fault.title, outcome, by: failure })}\n`);
	const seconds = Math.round((performance.now() - startedAt) / 1_000);
	console.log(`${number}/${remaining.length} ${outcome}, ${seconds} s: ${fault.area}: ${fault.title}`);
	if (failure !== null) console.log(`    by: ${failure}`);
}

async function failureWithoutFault(vitest: Vitest, files: readonly string[]): Promise<string | null> {
	for (const file of files) {
		if (!failuresWithoutFault.has(file)) failuresWithoutFault.set(file, await findFailure(vitest, [file], ''));
		const failure = failuresWithoutFault.get(file) ?? null;
		if (failure !== null) return failure;
	}
	return null;
}

/** Runs test files with a fault enabled; returns the first failing test, or null if all pass. */
async function findFailure(vitest: Vitest, files: readonly string[], title: string): Promise<string | null> {
	process.env[faultVariable] = title;
	// Failures of earlier runs would stop this one.
	vitest.state.filesMap.clear();
	vitest.state.idMap.clear();
	const { testModules, unhandledErrors } = await vitest.runTestFiles(files.map((file) => path.resolve(file)));
	process.exitCode = 0;
	const failed = testModules.find((testModule) => !testModule.ok());
	if (failed) return firstFailureIn(failed);
	if (unhandledErrors.length > 0) return `an error outside of the tests: ${String(unhandledErrors[0])}`;
	if (testModules.length < files.length) throw new Error(`Not all of these were run: ${files.join(', ')}`);
	return null;
}

function firstFailureIn(testModule: TestModule): string {
	const [test] = testModule.children.allTests('failed');
	return test?.fullName ?? testModule.errors()[0]?.message ?? 'an error outside of the tests';
}

function report(): void {
	const is = (wanted: Outcome) => (fault: PlacedFault) => finished.get(fault.title) === wanted;
	for (const [area, faults] of groupBy(chosen, (fault) => fault.area))
		console.log(`${area}: ${faults.filter(is('noticed')).length} of ${faults.length} noticed`);
	const survivors = chosen.filter(is('survived'));
	for (const { area, title, file, survives } of survivors)
		console.log(`survived: ${area}: ${title} (${file})${survives === undefined ? '' : `: ${survives}`}`);
	const broken = chosen.filter(is('broken test'));
	for (const { area, title, tests } of broken)
		console.log(`a test fails without a fault: ${area}: ${title} (${tests.join(', ')})`);
	const open = chosen.filter(({ title }) => !finished.has(title)).length;
	if (open > 0) console.log(`${open} not run.`);
	const share = chosen.filter(is('noticed')).length / chosen.length;
	console.log(`${chosen.filter(is('noticed')).length} of ${chosen.length} noticed (${Math.round(share * 100)} %).`);
	const isExplained = survivors.every(({ survives }) => survives !== undefined);
	process.exitCode = isExplained && broken.length === 0 && share >= wantedShare ? 0 : 1;
}
