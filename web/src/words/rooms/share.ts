export const words = {
  zh: {
    button: '分享', title: '分享链接', what: '此链接恢复当前的地区、视图、情景、对比、年份与气象年。', link: '链接', copy: '复制', copied: '已复制。', length: '{n} 个字符',
    tooLong: '情景改动 {n} 项，链接过长：先保存情景，链接即指向它。', keepFirst: '保存并生成链接', reach: '链接内容不进入服务器日志；只有能访问本系统的人可以打开。',
  },
  en: {
    button: 'Share', title: 'Share a link', what: 'This link restores place, view, scenario, comparison, year and weather.', link: 'Link', copy: 'Copy', copied: 'Copied.', length: '{n} characters',
    tooLong: '{n} levers are changed: too much for a link. Keep the scenario first, the link then names it.', keepFirst: 'Keep and make the link', reach: 'Nothing of the link reaches a server log; only those who can reach this system can open it.',
  },
}
