// NVIDIA's libraries as JAX 0.12 asks for them (the `with-cuda` extra of its plugins): for each the newest of before
// those plugins were published, of Linux on x64 and on arm64.
import type { Wheel } from "./known-plugins";

/** What a plugin for CUDA 13 loads. */
export const cuda13Libraries: readonly Wheel[] = [
  {
    name: "nvidia-cublas",
    version: "13.8.1.7",
    digests: [
      "c11a27fd4379510e5b1f84b367a2514d1e52fe5cc13442117a0e0a1addee3cf2",
      "803b9974cd7164a481d0b11c25826498d383d0ef0c372573bc6577a344ddf74e",
    ],
  },
  {
    name: "nvidia-cuda-cupti",
    version: "13.4.92",
    digests: [
      "037b561575e6983bc4fe1caae644d7a296a8367f451bf6c2a3194f4d0765431c",
      "2358645c4607d4298dbe1d1989621ab246bc2efeb53e413be8eba922839946b1",
    ],
  },
  {
    name: "nvidia-cuda-nvcc",
    version: "13.4.92",
    digests: [
      "a1f3bfb27299e060b444d5df1f4bcd762501326cf0fd3141ed61756816ab9a0e",
      "d6fc9f720c3b73b9e526f4c759dbc6581e1a300ba2c8191e3f0ed91c848a92c8",
    ],
  },
  {
    name: "nvidia-cuda-runtime",
    version: "13.4.92",
    digests: [
      "9641f797da20ce1dd8e779b6e96d08cf9ba564cec8e8225458811ee26423f3a5",
      "bef071788589550ab02846fcbc732a2b88c2b16f2cd8a0f45d98e68e8c5fb0c8",
    ],
  },
  {
    name: "nvidia-cudnn-cu13",
    version: "9.27.0.42",
    digests: [
      "9677e76f21862eb5da7ee5ed69d544738b2d8b5c3ce7e5ec125c5592e6cdbdc8",
      "41b3aae756032ed13b1fcac39c79330cfc5434059d0c5251914e0f6ce582c7ea",
    ],
  },
  {
    name: "nvidia-cufft",
    version: "12.4.0.43",
    digests: [
      "0e8385013596b112d29c9ce8c63dc575b308d77636c7169104e18714f03961a8",
      "3938644a5b594e06d396e02d6e52bdd84589b3c1f3a8a127a2704211c2abc441",
    ],
  },
  {
    name: "nvidia-cusolver",
    version: "12.3.5.3",
    digests: [
      "01f13254cfe9f99cf8d141fa4d00fbe55b235fd1509854017d766fd84442f46a",
      "42528d8347ca73e0c5c081ac1c9a51561730f50e568d3d185e3938337fd8c646",
    ],
  },
  {
    name: "nvidia-cusparse",
    version: "12.8.6.72",
    digests: [
      "a739f6ff51ea2a8a2990b267b9b4d3063a5d94890efb8ccf393bfcab9dd487aa",
      "c3917c86fd419cbd42229b5cccb8bbe5200ed5b7dec3aa86d28e25c90a256e1b",
    ],
  },
  {
    name: "nvidia-nccl-cu13",
    version: "2.32.3",
    digests: [
      "1459723080ac889d73a26edfa3e04383a7928ab31ac8f0ec43b3ea9548b04ff3",
      "a5bee92b2f4af218c109f8d221c3c9adcc752b94ae0ffcb0ed5abf9341a7724c",
    ],
  },
  {
    name: "nvidia-nvjitlink",
    version: "13.4.92",
    digests: [
      "e0391f24ed94ec879b84e3da4d4ec320c879aff681f2c7a638462f7199284323",
      "25f74fad0d654271c921ac4dca614bd6258bc21791242fc7b2289dad7ae9c099",
    ],
  },
  {
    name: "nvidia-cuda-nvrtc",
    version: "13.4.92",
    digests: [
      "5ce8c97b00b232c4f50c8c4b5a3b68cafee08bdb82ea86f2052ff01d03194f4a",
      "24b9f5eccc6a5a19779038cf468aecb7cecfa8716269beaef5640bd989d21c28",
    ],
  },
  {
    name: "nvidia-nvshmem-cu13",
    version: "3.8.0",
    digests: [
      "81a4d1f666543e6d34df6d2ff940c7da1435e34e186aab6f3c2b48861b64ef38",
      "8120175024f52a64323cfc5d645e95ac7345f1ee243a998d140ce19163285294",
    ],
  },
  {
    name: "nvidia-nvvm",
    version: "13.4.92",
    digests: [
      "e4c81cb321dd9743bcf871c5e7e8fecd7f05dea607944426e102bdda8d49e137",
      "6b70f49442461c1b1033e599ff021676ea3d20840be1e7f92e1d6560daf08637",
    ],
  },
];

/** What a plugin for CUDA 12 loads. */
export const cuda12Libraries: readonly Wheel[] = [
  {
    name: "nvidia-cublas-cu12",
    version: "12.9.2.10",
    digests: [
      "e4f53a8ca8c5d6e8c492d0d0a3d565ecb59a751b19cfdaa4f6da0ab2104c1702",
      "5572131a59c3eebeeb1c4c8144f772d49372c20124916e072a0e3fc30df421d5",
    ],
  },
  {
    name: "nvidia-cuda-cupti-cu12",
    version: "12.9.79",
    digests: [
      "096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f",
      "791853b030602c6a11d08b5578edfb957cadea06e9d3b26adbf8d036135a4afe",
    ],
  },
  {
    name: "nvidia-cuda-nvcc-cu12",
    version: "12.9.86",
    digests: [
      "5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0",
      "44e1eca4d08926193a558d2434b1bf83d57b4d5743e0c431c0c83d51da1df62b",
    ],
  },
  {
    name: "nvidia-cuda-runtime-cu12",
    version: "12.9.79",
    digests: [
      "25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3",
      "83469a846206f2a733db0c42e223589ab62fd2fabac4432d2f8802de4bded0a4",
    ],
  },
  {
    name: "nvidia-cudnn-cu12",
    version: "9.27.0.42",
    digests: [
      "0a4aa3a7d2264256506c6857fc41fc0c499982f78d70195b1cfcc9055c1957cd",
      "5bc22243563107ea06aa60f9116ad800063d5f4617cc75bc6670d5db78d9f336",
    ],
  },
  {
    name: "nvidia-cufft-cu12",
    version: "11.4.1.4",
    digests: [
      "c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28",
      "1a28c9b12260a1aa7a8fd12f5ebd82d027963d635ba82ff39a1acfa7c4c0fbcf",
    ],
  },
  {
    name: "nvidia-cusolver-cu12",
    version: "11.7.5.82",
    digests: [
      "15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88",
      "62efa83e4ace59a4c734d052bb72158e888aa7b770e1a5f601682f16fe5b4fd2",
    ],
  },
  {
    name: "nvidia-cusparse-cu12",
    version: "12.5.10.65",
    digests: [
      "73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78",
      "221c73e7482dd93eda44e65ce567c031c07e2f93f6fa0ecd3ba876a195023e83",
    ],
  },
  {
    name: "nvidia-nccl-cu12",
    version: "2.32.3",
    digests: [
      "bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c",
      "061af42ae1044816820e16b872075e243d1ac0656f51860fbc8e106c257aa83a",
    ],
  },
  {
    name: "nvidia-nvjitlink-cu12",
    version: "12.9.86",
    digests: [
      "e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9",
      "994a05ef08ef4b0b299829cde613a424382aff7efb08a7172c1fa616cc3af2ca",
    ],
  },
  {
    name: "nvidia-cuda-nvrtc-cu12",
    version: "12.9.86",
    digests: [
      "210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4",
      "096d4de6bda726415dfaf3198d4f5c522b8e70139c97feef5cd2ca6d4cd9cead",
    ],
  },
  {
    name: "nvidia-nvshmem-cu12",
    version: "3.8.0",
    digests: [
      "b2e5760d6158aefe7bb74348d5128bb1b46a7dd1fd4b7b1e6fe55b4b07888f70",
      "313ba41c8aacf03f9524ca83ddb2c62e7b3d82f71af815a35e3739f3d64452b2",
    ],
  },
];
