// Searching for words in a text: full width and case do not count.
export const plain = (text: string): string => text.normalize('NFKC').toLowerCase()
export const wordsOf = (search: string): string[] => plain(search).split(/\s+/).filter(Boolean)
// Every word of the search stands in the text, which is `plain` already.
export const matches = (text: string, search: string): boolean => wordsOf(search).every((word) => text.includes(word))
