// What planners type: full-width digits, thousands commas, a unit behind the number, a true minus sign.
const plainOf = (text: string) => text.normalize('NFKC').replace(/[\u2212\u2013\u2014]/g, '-').replace(/[,\s\u3001']/g, '')

// The number in a text, NaN when there is none; too large a number is infinite.
export function parseNumber(text: string, unit = ''): number {
  const [plain, behind] = [plainOf(text), plainOf(unit)]
  const bare = behind && plain.endsWith(behind) ? plain.slice(0, -behind.length) : plain
  // A percent sign means something only where per cent is the unit.
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(bare) ? Number(bare) : NaN
}
