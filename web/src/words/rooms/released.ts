export const words = {
  zh: {
    title: '已发布结果', what: '以下结果经审核并由发展改革部门发布，附清单、来源与签名；其他测算均属内部资料，不在此列。', withPast: '包含已替代和已撤回的结果', none: '目前没有有效的已发布结果。',
    day: '发布日期', toList: '全部已发布结果', loading: '正在读取…',
  },
  en: {
    title: 'Released results', what: 'These results were reviewed and released by the development and reform departments; each has its manifest, sources and signature. Other calculations are internal and not found here.',
    withPast: 'Include superseded and withdrawn results', none: 'At present no released result stands.', day: 'Released on', toList: 'All released results', loading: 'Loading…',
  },
}
