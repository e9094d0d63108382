import { examine } from '../support/examine.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

for (const javaScriptEnabled of [true, false])
	test(`an admin runs a job, pauses a queue and resumes it, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({
		seed,
		visit
	}) => {
		const page = await visit(seed.admin, { javaScriptEnabled });
		await page.goto('/admin/jobs');
		const finished = page.getByText(/^\d+ finished, \d+ failed\.$/);
		const before = await finished.textContent();
		await press(page, 'Run: Clean up audit tables');
		if (javaScriptEnabled) await expect(page.getByText('Job started')).toBeVisible();
		// The counts update automatically with scripts, and otherwise with the page.
		await expect(async () => {
			if (!javaScriptEnabled) await page.reload();
			await expect(finished).not.toHaveText(before ?? '', { timeout: 1_000 });
		}).toPass({ timeout: 20_000 });

		const folded = page.getByText(/^\d+ queues of Immich without work here/);
		await folded.click();
		await press(page, 'Pause Notifications');
		await expect(folded).toContainText('1 paused');
		const resume = page.getByRole('button', { name: 'Resume Notifications' });
		if (!(await resume.isVisible())) await folded.click();
		await resume.click();
		await expect(folded).not.toContainText('paused');
	});

test('the page passes the page checks, and shows the hours as a table too', async ({ seed, visit }) => {
	const page = await visit(seed.admin);
	await page.goto('/admin/jobs');
	await expect(page.getByText('No failed jobs')).toBeVisible();
	await page.getByText('Show as table').click();
	await examine(page);
});
