// Words of cards that draw metrics of the projection.
export const words = {
  zh: {
    pick: '显示内容', mode: '画法', modes: { stacked: '总量', shares: '占比', lines: '分线' },
    wholeRegion: '无分市数据，为{place}全省结果', rise_from_base: '增长', fall_from_base: '下降', none: '本次结果没有这些指标。',
    sentence: '{title}：{place}，{scenario}：{what}。', between: '合计 {y0} 年 {v0}，{y1} 年 {v1}',
  },
  en: {
    pick: 'What is shown', mode: 'How it is drawn', modes: { stacked: 'Amounts', shares: 'Shares', lines: 'Lines' },
    wholeRegion: 'not by city: all of {place}', rise_from_base: 'rise', fall_from_base: 'fall', none: 'This result does not hold these metrics.',
    sentence: '{title}: {place}, {scenario}: {what}.', between: 'sum {v0} in {y0}, {v1} in {y1}',
  },
}
