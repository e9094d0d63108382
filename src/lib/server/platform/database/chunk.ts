/** How many rows one statement of a cleanup handles, which takes a fraction of a second. */
export const chunkSize = 2_000;
