/** Runs a race several times in sequence, because one run proves nothing. */
export async function repeat(times: number, race: (round: number) => Promise<void>): Promise<void> {
	for (let round = 0; round < times; round += 1) await race(round);
}
