import { readFileSync } from 'node:fs';
import type { CDPSession, Page } from 'playwright/test';
import { z } from 'zod';

const axeSource = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const worldName = 'axe';

/** Runs all rules that axe enables by default. Only violations are returned, since the browser would spend longer on copying the rest. */
const analysis = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
	violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html + ' ' + failureSummary))
)`;

const Evaluation = z.object({ result: z.object({ value: z.array(z.string()) }) });

const sessions = new WeakMap<Page, Promise<CDPSession>>();

/** Returns the violations of axe's rules on the current page. */
export async function findViolations(page: Page): Promise<string[]> {
	const session = sessions.get(page) ?? loadAxe(page);
	sessions.set(page, session);
	return run(await session);
}

/**
 * Loads axe into a page's own world of scripts, now and after each navigation: sending its source for each document would cost as
 * much as a run of it.
 */
async function loadAxe(page: Page): Promise<CDPSession> {
	const session = await page.context().newCDPSession(page);
	await session.send('Page.enable');
	await session.send('Page.addScriptToEvaluateOnNewDocument', { source: axeSource, worldName, runImmediately: true });
	return session;
}

async function run(session: CDPSession): Promise<string[]> {
	const { frameTree } = await session.send('Page.getFrameTree');
	const { executionContextId } = await session.send('Page.createIsolatedWorld', {
		frameId: frameTree.frame.id,
		worldName
	});
	const evaluation = await session.send('Runtime.evaluate', {
		contextId: executionContextId,
		expression: analysis,
		awaitPromise: true,
		returnByValue: true
	});
	if (evaluation.exceptionDetails) throw new Error(JSON.stringify(evaluation.exceptionDetails));
	return Evaluation.parse(evaluation).result.value;
}
